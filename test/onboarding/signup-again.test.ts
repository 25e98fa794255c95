import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Play, luckyShrub, type Customer } from '../writes/support/play.ts'

describe('a code of Embedded Signup that is handed in again', () => {
  let play: Play
  let input: object

  beforeEach(async () => {
    play = await Play.begin()
    const { code, waba_id: wabaId } = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    input = { code, wabaId, appId: luckyShrub }
  })
  afterEach(() => play.close())

  const complete = () => play.mutate('completeEmbeddedSignup', input)
  const done = { __typename: 'CompleteEmbeddedSignupPayload' }
  const restart = async (): Promise<void> => {
    await play.closeGateways()
    await play.addGateway()
  }

  it('gives the first answer as long as the token is here, also to two at once', async () => {
    expect(await Promise.all([complete(), complete()])).toEqual([done, done])
    expect(await complete()).toEqual(done)
    expect((await play.writes())['GET /oauth/access_token']).toBe(1)
  })

  it('says that the customer signs up once more when the token went with the process', async () => {
    expect(await complete()).toEqual(done)
    await restart()
    await play.control.faults({ path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 })
    expect(await complete()).toMatchObject({
      code: 'TOKEN_INVALID',
      retryable: false,
      message: expect.stringContaining('signs up once more') as string,
    })
  })

  it('says that it cannot be told while Graph is down, and then that it can', async () => {
    expect(await complete()).toEqual(done)
    await restart()
    await play.control.faults({ path: 'system_user_access_tokens', kind: 'error', code: 2 })
    expect(await complete()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
  })
})
