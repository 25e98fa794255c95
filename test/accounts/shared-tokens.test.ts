import { randomBytes } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { emptyDatabase, query } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { Play, luckyShrub, type Customer } from '../writes/support/play.ts'

/** Only the customer's token reads it. */
const withToken = (wabaId: string): string =>
  `{ clientWaba(id: "${wabaId}") { ownerBusiness { verificationStatus } } }`

describe('the token of a customer that a solution brought, with two instances on one store', () => {
  let play: Play
  let databaseUrl: string
  let customer: Customer
  afterEach(() => play.close())

  const begin = async (encryptionKeys: readonly string[]): Promise<void> => {
    databaseUrl = await emptyDatabase()
    play = await Play.begin({ databaseUrl, overrides: { encryptionKeys } })
    await play.addGateway()
    customer = await play.customer(await play.solution('Wind & Wool'))
    await play.control.forgetRequests()
  }
  const read = (instance: number) => play.ask(withToken(customer.waba_id), {}, instance)
  const fetches = async (): Promise<number> => {
    const { byRoute } = await play.control.requests()
    const routes = Object.entries(byRoute).filter(([route]) => route.endsWith('/access_token'))
    return routes.reduce((sum, [, count]) => sum + count, 0)
  }
  const rows = () => query(databaseUrl, 'SELECT digest FROM tokens')

  it('is asked of Meta once by all, also by one that has just started', async () => {
    await begin([randomBytes(32).toString('base64')])
    await read(0)
    await until(async () => (await rows()).length > 0)
    const asked = await fetches()
    expect(asked).toBeGreaterThan(0)
    await read(1)
    await play.addGateway()
    await read(2)
    expect(await fetches()).toBe(asked)
  })

  it('is asked for by each where there is no key, and nothing of it is stored', async () => {
    await begin([])
    await read(0)
    const asked = await fetches()
    await read(1)
    expect(await fetches()).toBe(2 * asked)
    expect(await rows()).toEqual([])
  })

  it('that Meta has revoked is used by no instance after one was refused with it', async () => {
    await begin([randomBytes(32).toString('base64')])
    const token = async (): Promise<string> =>
      play.sim
        .state()
        .tokens.findLast(
          (row) =>
            row.kind === 'business' && row.appId === luckyShrub && row.businessId === customer.business_id,
        )?.token ?? ''
    const subscribe = (instance: number) =>
      play.mutate('subscribeAppToWaba', { appId: luckyShrub, wabaId: customer.waba_id }, instance)
    expect(await subscribe(0)).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
    await until(async () => (await rows()).length > 0)
    const [before] = await rows()
    await play.control.play('tokens', { token: await token(), revoke: true })
    const unsubscribe = () =>
      play.mutate('unsubscribeAppFromWaba', { appId: luckyShrub, wabaId: customer.waba_id }, 0)
    await unsubscribe()
    await until(async () => (await rows()).every(({ digest }) => digest !== before?.['digest']))
    expect(await subscribe(1)).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
  })
})

describe('a gateway in production without a key', () => {
  it.each([
    [[], 1],
    [[randomBytes(32).toString('base64')], 0],
  ])('says once what that costs; with one it says nothing (%#)', async (encryptionKeys, times) => {
    const lines: string[] = []
    const log = { write: (line: string) => void lines.push(line) }
    const play = await Play.begin({ log, overrides: { production: true, logLevel: 'warn', encryptionKeys } })
    await play.close()
    expect(lines.filter((line) => line.includes('TOKEN_ENCRYPTION_KEY'))).toHaveLength(times)
  })
})
