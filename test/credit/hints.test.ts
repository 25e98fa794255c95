import { afterEach, beforeEach, expect, it } from 'vitest'
import { startRestartable, type Restartable } from '../onboarding/support/restartable.ts'

const socialOverdrive = '637576208107267'
let world: Restartable
let wabaId: string

beforeEach(async () => {
  world = await startRestartable()
  ;({ waba_id: wabaId } = await world.arrive())
  await world.told(wabaId)
})
afterEach(() => world.close())

const share = (more: object = {}) =>
  world.mutate('ShareCreditLineInput', 'shareCreditLine', { wabaId, currency: 'USD', ...more })
const notice = async (): Promise<string> => {
  const { clientWaba } = (await world.ask(
    'query ($id: ID!) { clientWaba(id: $id) { creditActions { available notice } } }',
    { id: wabaId },
  )) as { clientWaba: { creditActions: [{ available: boolean; notice: string }] } }
  return clientWaba.creditActions[0].notice
}

it('a Tech Provider that would share credit waits for its partner, and reads of solutions', async () => {
  expect(await share({ appId: socialOverdrive })).toMatchObject({
    code: 'NOT_PERMITTED',
    waitsFor: 'PARTNER',
    help: expect.stringMatching(/multi-partner-solutions$/) as string,
  })
})

it('whoever may share a line is told before what the verb takes besides', async () => {
  expect(await notice()).toContain('addSystemUser: true')
  expect(await share()).toMatchObject({ code: 'NOT_PERMITTED', waitsFor: 'US' })
  expect(await share({ addSystemUser: true })).toMatchObject({ __typename: 'ShareCreditLinePayload' })
  expect(await notice()).not.toContain('addSystemUser')
})
