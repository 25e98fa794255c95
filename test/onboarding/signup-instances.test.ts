import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { luckyShrub, Play, type Customer, type Json } from '../writes/support/play.ts'

const done = { __typename: 'CompleteEmbeddedSignupPayload' }

describe('a code of Embedded Signup, with two instances on one store', () => {
  let play: Play
  let customer: Customer

  beforeEach(async () => {
    play = await Play.begin({ databaseUrl: await emptyDatabase() })
    await play.addGateway()
    customer = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    // Whoever has the token, has it from the code.
    await play.control.faults({ path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 })
  })
  afterEach(() => play.close())

  const complete = (instance: number): Promise<Json> => {
    const input = { appId: luckyShrub, code: customer.code, wabaId: customer.waba_id }
    return play.mutate('completeEmbeddedSignup', input, instance)
  }
  const exchanges = async (): Promise<number> => (await play.writes())['GET /oauth/access_token'] ?? 0

  it('is sent once when it is handed in to both at once, and both give the same answer', async () => {
    expect(await Promise.all([complete(0), complete(1), complete(0), complete(1)])).toEqual([
      done,
      done,
      done,
      done,
    ])
    expect(await exchanges()).toBe(1)
  })

  it('does not wait for that of another customer, which Graph takes its time for', async () => {
    const other = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    await play.control.faults({ path: '/oauth/access_token', kind: 'latency', ms: 8_000, times: 1 })
    let hasEnded = false
    const first = complete(0).finally(() => (hasEnded = true))
    await until(async () => (await play.control.requests()).byRoute['GET /oauth/access_token'] === 1)
    const input = { appId: luckyShrub, code: other.code, wabaId: other.waba_id }
    expect(await play.mutate('completeEmbeddedSignup', input, 1)).toEqual(done)
    expect(hasEnded).toBe(false)
    expect(await first).toEqual(done)
  })

  it('gets the first answer from the other one, as long as the one with the token is there', async () => {
    expect(await complete(0)).toEqual(done)
    expect(await complete(1)).toEqual(done)
    await play.closeGateway(0)
    expect(await complete(0)).toMatchObject({
      code: 'TOKEN_INVALID',
      message: expect.stringContaining('signs up once more') as string,
    })
    expect(await exchanges()).toBe(1)
  })
})
