import { randomBytes } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { emptyDatabase } from '../support/postgres.ts'
import { luckyShrub, Play, type Customer } from '../writes/support/play.ts'

let play: Play

afterEach(() => play.close())

it.each([
  [0, 'alone', []],
  [1, 'alone', []],
  [0, 'and in the store', [randomBytes(32).toString('base64')]],
  [1, 'and in the store', [randomBytes(32).toString('base64')]],
] as const)(
  'of two instances the rule acts once with the token of a signup that is on instance %i %s',
  async (instance, _, encryptionKeys) => {
    play = await Play.begin({
      databaseUrl: await emptyDatabase(),
      overrides: { autoOnboard: { subscribe: true, creditCurrency: null }, encryptionKeys },
    })
    await play.addGateway()
    await play.control.faults({ path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 })
    const customer = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    const { code, waba_id: wabaId } = customer
    const automatic = async (at: number): Promise<unknown> => {
      const query = `{ clientWaba(id: "${wabaId}") { onboarding { automatic { state } } } }`
      const { clientWaba } = (await play.ask(query, {}, at)) as {
        clientWaba: { onboarding: { automatic: unknown } }
      }
      return clientWaba.onboarding.automatic
    }
    const states = () => Promise.all([automatic(0), automatic(1)])
    const both = (state: string) => [{ state }, { state }]
    await expect.poll(states).toEqual(both('WAITING'))
    await play.mutate('completeEmbeddedSignup', { appId: luckyShrub, code, wabaId }, instance)
    await expect.poll(states).toEqual(both('DONE'))
    expect((await play.writes())['POST /{waba}/subscribed_apps']).toBe(1)
  },
)
