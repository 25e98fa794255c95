import { expect } from 'vitest'
import { within } from '../../../nemesis/within.ts'
import { askEverywhere } from '../../http/support/ask-everywhere.ts'
import { mutationText } from '../../writes/support/mutation-text.ts'
import { luckyShrub, type Customer, type Play } from '../../writes/support/play.ts'
import { verbs } from '../../writes/support/verbs.ts'
import { nameOf } from '../../writes/support/verbs/verb.ts'
import { fineInputs } from '../../inputs/support/fine.ts'
import { queriesOf, selectionOf } from './everything.ts'

/** Every mutation: as it should be, with each of its writes refused by an error that quotes it, and once more. */
export async function driveMutations(play: Play): Promise<void> {
  for (const verb of verbs)
    for (const as of [null, 'json', 'page'] as const) {
      const input = await verb.prepare(play)
      const given = { ...(await input(0)), idempotencyKey: `${nameOf(verb)} ${as}` }
      for (const { path } of as === null ? [] : verb.routes) {
        // The simulator's pattern begins with the path, the wire sees the version before it and the query behind it.
        quote(play, new RegExp(`/v[0-9.]+${path.slice(1, -1)}(?:$|\\?)`), as ?? 'json')
        await play.post(mutationText(verb.field), { input: given })
        quote(play, null)
      }
      const answer = await play.post(mutationText(verb.field), { input: given })
      const done = { __typename: expect.stringMatching(/Payload$/) as unknown }
      if (as === null) expect(answer).toMatchObject({ data: { [verb.field]: done } })
    }
}

/** Secrets where the type system expects something else. */
export async function driveWrongTypes(play: Play): Promise<void> {
  for (const [field, input] of Object.entries(fineInputs))
    for (const [name, value] of Object.entries(input)) {
      await play.post(mutationText(field), { input: { ...input, [name]: { inside: value } } })
      await play.post(mutationText(field), { input: { ...input, [`${name}x`]: value } })
    }
}

/** Every field of every type, by HTTP; then with calls to Graph that are refused with all of the request quoted. */
export async function driveQueries(play: Play, customer: Customer): Promise<readonly string[]> {
  const queries = await allQueries(play, customer)
  const refused: string[] = []
  for (const query of queries) {
    const { errors = [] } = await play.post(query)
    refused.push(
      ...errors.filter(({ extensions }) => extensions?.['code'] === 'QUERY_TOO_LARGE').map(() => query),
    )
  }
  for (const as of ['json', 'page'] as const) {
    quote(play, /./, as)
    // A page is a failure that is tried again, with a pause.
    for (const query of queries.filter((_, index) => as === 'json' || index % 8 === 0)) await play.post(query)
    quote(play, null)
  }
  return refused
}

async function allQueries(
  play: Play,
  { waba_id, business_id, phone_number_ids }: Customer,
): Promise<readonly string[]> {
  const state = play.sim.state()
  const node = (type: string, id: string | undefined): string =>
    `node(id: "${Buffer.from(`${type}:${id}`).toString('base64url')}")`
  const allocation = state.allocations.at(-1)?.id
  const intent = state.intents.at(-1)
  return [
    ...queriesOf('App', `app(id: "${luckyShrub}")`),
    ...queriesOf('Solution', `solution(id: "${state.solutions.at(-1)?.id}")`),
    ...queriesOf('ClientWaba', `clientWaba(id: "${waba_id}")`),
    ...queriesOf('Business', node('Business', business_id)),
    ...queriesOf('PhoneNumber', node('PhoneNumber', phone_number_ids[0])),
    ...queriesOf('CreditLine', node('CreditLine', state.creditLines[0]?.id)),
    ...queriesOf('CreditAllocation', node('CreditAllocation', allocation)),
    ...queriesOf('MigrationIntent', `migrationIntent(id: "${intent?.id}", wabaId: "${intent?.wabaId}")`),
    ...['SolutionEvent', 'ClientWabaEvent', 'SignupSessionEvent', 'CreditEvent', 'OtherEvent'].map(
      (type) =>
        `{ events(first: 100) { edges { cursor node { __typename ... on ${type} { ${eventFields(type)} } } } } }`,
    ),
  ]
}

const eventFields = (type: string): string => selectionOf(type, 1)

/** Each subscription by HTTP, SSE and WebSocket, from the beginning of the log. */
export async function driveStreams(play: Play, { waba_id }: Customer): Promise<readonly string[]> {
  const { events } = (await play.ask('{ events(first: 1) { edges { cursor } } }')) as {
    events: { edges: [{ cursor: string }] }
  }
  const after = `after: "${events.edges[0].cursor}"`
  const streams = [
    `subscription { events(${after}) { __typename } }`,
    `subscription { clientWabaOnboarded(${after}) { ${selectionOf('ClientWabaOnboarding', 1)} } }`,
    `subscription { clientWabaOnboardingProgress(wabaId: "${waba_id}", appId: "${luckyShrub}") { ${selectionOf('ClientWabaOnboardingProgress', 1)} } }`,
    `subscription { solutionStatusChanged(${after}) { ${selectionOf('SolutionStatusChange', 1)} } }`,
  ]
  const [url = ''] = play.urls
  const texts: string[] = []
  for (const as of [null, 'json'] as const) {
    quote(play, as && /./, as ?? 'json')
    // What waits for Graph to come back says nothing while it is away.
    for (const query of as === null ? streams : streams.slice(0, 2))
      texts.push(...(await within(240_000, query, askEverywhere(url, play.config.apiKey ?? '', query))).texts)
  }
  quote(play, null)
  return texts
}

function quote({ wire }: Play, path: RegExp | null, as: 'json' | 'page' = 'json'): void {
  if (wire) wire.echo = path && { path, as }
}
