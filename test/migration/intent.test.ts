import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSolution, mutate } from '../support/mutate.ts'
import { luckyShrub, socialOverdrive, startWorld, type World } from '../onboarding/support/world.ts'

const parties = { owner: socialOverdrive, partner: luckyShrub }
const verb = ['setSolutionMigrationIntent', 'SolutionMigrationIntentInput'] as const
const fields =
  'intentId status graphStatus solution { solutionId } clientWaba { wabaId } destinationWaba { wabaId }'
const query = `query Q($id: ID!, $wabaId: ID) { migrationIntent(id: $id, wabaId: $wabaId) { ${fields} } }`
const selection = `... on SolutionMigrationIntentPayload { intent { ${fields} } }`

describe('a migration intent', () => {
  let world: World
  let wabaId: string
  let to: string

  beforeEach(async () => {
    world = await startWorld()
    to = await makeSolution(world.gateway.url, parties, 'The other one')
    wabaId = (await world.arrive()).waba_id
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const set = (input: object) =>
    mutate(world.gateway.url, verb, { wabaId, appId: socialOverdrive, ...input }, selection)
  const intents = () => world.gateway.simulator.state().intents

  it('to another solution is set with the customer’s token and read back', async () => {
    expect(await set({ solutionId: to })).toMatchObject({
      intent: { status: 'INITIATED', solution: { solutionId: to }, clientWaba: { wabaId } },
    })
    expect(intents()).toMatchObject([{ wabaId, solutionId: to }])
  })

  it('to leave names our app', async () => {
    expect(await set({ leave: true })).toMatchObject({ intent: { status: 'INITIATED', solution: null } })
    expect(intents()).toMatchObject([{ flow: 'leave' }])
  })

  it('shows what the customer did, and where the numbers go', async () => {
    await set({ solutionId: to })
    const id = intents()[0]?.id
    await world.simulator.play('intents', { id, status: 'ACCEPTED' })
    expect(await world.ask(query, { id, wabaId })).toMatchObject({
      migrationIntent: { status: 'ACCEPTED', destinationWaba: { wabaId: expect.any(String) as string } },
    })
  })

  it('leaves an event that names the account and the intent', async () => {
    await set({ solutionId: to })
    const { events } = (await world.ask(
      '{ events { edges { node { kind source ... on ClientWabaEvent { wabaId solutionId } write { action after } } } } }',
    )) as { events: { edges: { node: object }[] } }
    expect(events.edges.at(-1)?.node).toMatchObject({
      kind: 'CLIENT_WABA_UPDATED',
      source: 'GATEWAY',
      wabaId,
      solutionId: to,
      write: { action: 'set_migration_intent', after: { migrationIntentId: intents()[0]?.id } },
    })
  })

  it('to a solution that is not active is refused before anything is sent', async () => {
    const draft = await makeSolution(world.gateway.url, parties, 'Not accepted', false)
    expect(await set({ solutionId: draft })).toMatchObject({ __typename: 'WrongStateProblem' })
    expect(await world.sent('POST', 'set_solution_migration_intent')).toBe(0)
  })

  it('whose reply is lost is not sent again, since Graph has no list of them', async () => {
    await world.simulator.faults({ method: 'POST', path: 'set_solution_migration_intent', kind: 'lostReply' })
    expect(await set({ solutionId: to })).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    await world.simulator.faults()
    expect(await set({ solutionId: to })).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(intents()).toHaveLength(1)
    expect(await world.sent('POST', 'set_solution_migration_intent')).toBe(1)
  })

  it('whose reply is lost is never sent again under its key, which is what the answer says', async () => {
    await world.simulator.faults({ method: 'POST', path: 'set_solution_migration_intent', kind: 'lostReply' })
    const withKey = () => set({ solutionId: to, idempotencyKey: 'lost' })
    const message = expect.stringMatching(/Graph has no way to look.*not sent again/) as string
    expect(await withKey()).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false, message })
    expect(await withKey()).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false, message })
    expect(await world.sent('POST', 'set_solution_migration_intent')).toBe(1)
  })

  it('with a key gives the first outcome again', async () => {
    const first = await set({ solutionId: to, idempotencyKey: 'k' })
    expect(await set({ solutionId: to, idempotencyKey: 'k' })).toMatchObject({
      intent: { intentId: intents()[0]?.id },
    })
    expect(first).toMatchObject({ intent: { intentId: intents()[0]?.id } })
    expect(await set({ leave: true, idempotencyKey: 'k' })).toMatchObject({ code: 'CONFLICT' })
  })

  it('of nobody is null', async () => {
    expect(await world.ask(query, { id: '12345' })).toEqual({ migrationIntent: null })
  })

  it.each<[string, object, string]>([
    ['an account that is no id', { wabaId: '1/x', leave: true }, 'wabaId'],
    [
      'the id of an app as account',
      { wabaId: Buffer.from('App:1').toString('base64url'), leave: true },
      'wabaId',
    ],
    ['an app that is not ours', { appId: luckyShrub.replace('2', '9'), leave: true }, 'appId'],
    ['neither solution nor leave', {}, 'solutionId'],
    ['both solution and leave', { solutionId: '1', leave: true }, 'solutionId'],
    ['an empty key', { leave: true, idempotencyKey: '' }, 'idempotencyKey'],
  ])('with %s is refused at its path without a Graph call', async (_, input, field) => {
    expect(await set(input)).toMatchObject({ code: 'INVALID_INPUT', path: ['input', field] })
    expect((await world.simulator.requests()).total).toBe(0)
  })
})
