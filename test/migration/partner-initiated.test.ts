import { describe, expect, it, onTestFinished } from 'vitest'
import { Play, luckyShrub, type Customer } from '../writes/support/play.ts'

// Meta's guide "Partner-initiated WABA creation": the business token does not work, the system token does.
describe('an account that the partner has asked for', () => {
  async function begin(): Promise<{ play: Play; wabaId: string; solutionId: string }> {
    const play = await Play.begin()
    onTestFinished(() => play.close())
    const solutionId = await play.solution('Together')
    const { waba_id: wabaId } = await play.control.play<Customer>('install', { app_id: luckyShrub })
    const told = `{ events(filter: { kinds: [CLIENT_WABA_APP_INSTALLED] }) { edges { cursor } } }`
    while (!JSON.stringify(await play.ask(told)).includes('cursor'));
    return { play, wabaId, solutionId }
  }

  it('is added to a solution with the system token, and the intent is read back with it', async () => {
    const { play, wabaId, solutionId } = await begin()
    const { setSolutionMigrationIntent: set } = await play.ask(
      `mutation ($input: SolutionMigrationIntentInput!) { setSolutionMigrationIntent(input: $input) {
        ... on SolutionMigrationIntentPayload { intent { status clientWaba { wabaId } } } ... on Problem { code } } }`,
      { input: { wabaId, solutionId, appId: luckyShrub } },
    )
    expect(set).toEqual({ intent: { status: 'INITIATED', clientWaba: { wabaId } } })
  })

  it('is not in the solution before it is: it is worked on as before', async () => {
    const { play, wabaId, solutionId } = await begin()
    await play.mutate('setSolutionMigrationIntent', { wabaId, solutionId, appId: luckyShrub })
    const input = { wabaId, appId: luckyShrub, currency: 'USD', addSystemUser: true }
    expect(await play.mutate('shareCreditLine', { ...input, method: 'SHARE_THEN_ATTACH' })).toMatchObject({
      __typename: 'ShareCreditLinePayload',
    })
  })
})
