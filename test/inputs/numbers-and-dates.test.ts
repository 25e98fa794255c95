import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { controlOf } from '../support/control.ts'
import { openBothWays, type BothWays } from './support/both-ways.ts'

let play: TestGateway
let client: BothWays
beforeAll(async () => {
  play = await startTestGateway()
  client = openBothWays(play.url)
})
afterAll(async () => {
  await client.close()
  await play.close()
})

const json = { 'content-type': 'application/json' }

/** An operation whose variables stand in it as they are written here: JavaScript would round them. */
const bodyOf = (query: string, variables: string): string =>
  `{"query":${JSON.stringify(query)},"variables":${variables}}`

const posted = async (query: string, variables: string, headers: object = {}): Promise<string> => {
  const body = bodyOf(query, variables)
  return (
    await fetch(`${play.url}/graphql`, { method: 'POST', headers: { ...json, ...headers }, body })
  ).text()
}

const got = async (query: string, variables: string): Promise<string> => {
  const search = new URLSearchParams({ query, variables })
  return (await fetch(`${play.url}/graphql?${search.toString()}`, { headers: { 'x-mps-csrf': '1' } })).text()
}

/** The first message about the operation. */
async function overSocket(query: string, variables: string): Promise<string> {
  const socket = new WebSocket(`${play.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const { promise, resolve } = Promise.withResolvers<string>()
  socket.on('open', () => socket.send('{"type":"connection_init","payload":{"id":795000033057731123}}'))
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    if (text.includes('connection_ack'))
      socket.send(`{"id":"1","type":"subscribe","payload":${bodyOf(query, variables)}}`)
    else resolve(text)
  })
  try {
    return await promise
  } finally {
    socket.close()
  }
}

const ways: readonly (readonly [string, (query: string, variables: string) => Promise<string>])[] = [
  ['POST', posted],
  ['POST without a length', (query, variables) => chunked(bodyOf(query, variables))],
  ['SSE', (query, variables) => posted(query, variables, { accept: 'text/event-stream' })],
  ['GET', got],
  ['WebSocket', overSocket],
]

async function chunked(body: string): Promise<string> {
  const stream = new Blob([body]).stream()
  const init = { method: 'POST', headers: json, body: stream, duplex: 'half' } as RequestInit
  return (await fetch(`${play.url}/graphql`, init)).text()
}

const big = '795000033057731123'
const accept = 'mutation ($input: SolutionActionInput!) { acceptSolution(input: $input) { __typename } }'
const queries: readonly (readonly [place: string, query: string, variables: string])[] = [
  ['$id', 'query ($id: ID!) { solution(id: $id) { name } }', `{"id":${big}}`],
  ['$id', 'query ($id: ID!) { solution(id: $id) { name } }', `{"id":-${big}}`],
  ['$id', 'query ($id: ID!) { solution(id: $id) { name } }', '{"id":7.95e17}'],
  ['$id', 'query ($id: ID!) { solution(id: $id) { name } }', '{"id":9007199254740993}'],
  ['$ids[1]', 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', `{"ids":["1",${big}]}`],
  [
    '$filter.solutionId',
    'query ($filter: EventFilter) { events(filter: $filter) { edges { cursor } } }',
    `{"filter":{"solutionId":${big}}}`,
  ],
  ['$input.solutionId', accept, `{"input":{"solutionId":${big}}}`],
  ['$input.appId', accept, `{"input":{"solutionId":"1","appId":${big}}}`],
]

describe('an id that is sent as a JSON number beyond 2^53', () => {
  it.each(
    ways.flatMap(([way, send]) =>
      queries
        .filter(([, query]) => way !== 'GET' || query.startsWith('query'))
        .map(([place, query, variables]) => [way, variables, place, query, send] as const),
    ),
  )('is refused by %s: %s', async (_way, variables, place, query, send) => {
    const simulator = controlOf(play.simulator.url)
    await simulator.forgetRequests()
    const text = await send(query, variables)
    expect(text).toContain(
      JSON.stringify(
        `Variable "${place}" is a number with more digits than a JSON number keeps: send it as a string.`,
      ),
    )
    expect(text).toContain('BAD_USER_INPUT')
    expect((await simulator.requests()).total).toBe(0)
  })

  it('is refused wherever it stands, at the latest digit', async () => {
    const beyond = fc.bigInt({ min: 2n ** 53n, max: 10n ** 20n })
    await fc.assert(
      fc.asyncProperty(beyond, fc.boolean(), async (number, negative) => {
        const text = await posted(queries[0]?.[1] ?? '', `{"id":${negative ? '-' : ''}${number}}`)
        expect(text).toContain('send it as a string')
      }),
      { numRuns: 50 },
    )
  })

  it.each(ways)('is taken by %s when it is a string, or small enough to be exact', async (_, send) => {
    for (const id of [`"${big}"`, '9007199254740991', '1']) {
      const text = await send('query ($id: ID!) { solution(id: $id) { name } }', `{"id":${id}}`)
      expect(text).toContain('"solution":null')
      expect(text).not.toContain('errors')
    }
  })

  it('is exact when it stands in the query itself', async () => {
    const text = await posted(`{ nodes(ids: [${big}]) { id } solution(id: ${big}) { name } }`, '{}')
    expect(text).toContain('"solution":null')
  })

  it('is no reason to look for ever', async () => {
    const deep = `${'['.repeat(30_000)}${big}${']'.repeat(30_000)}`
    expect(await posted('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', `{"ids":${deep}}`)).toContain(
      'errors',
    )
  })
})

describe('a date', () => {
  const byVariable =
    'query ($after: DateTime) { app(id: "21202248997039") { clientWabas(createdAfter: $after) { edges { cursor } } } }'
  const byLiteral = (after: string): string =>
    `{ app(id: "21202248997039") { clientWabas(createdAfter: ${JSON.stringify(after)}) { edges { cursor } } } }`

  const noDates = [
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-10T10:00:00Z',
    '2026-01-00T10:00:00Z',
    '2026-01-32T10:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T25:00:00Z',
    '2026-01-01T10:60:00Z',
    '2026-01-01T10:00:60Z',
    '2026-01-01T10:00:00+24:00',
    '2026-01-01T10:00:00+10:60',
    '2026-01-01T10:00:00',
    '2026-01-01',
    '01/02/2026',
    'yesterday',
    '1796041184',
    '',
  ]

  it.each(noDates)('that does not exist or is none is refused with the format: %j', async (date) => {
    const { http, ws } = await client.ask(byVariable, { after: date })
    for (const { errors } of [http, ws, (await client.ask(byLiteral(date), {})).http]) {
      expect(errors).toHaveLength(1)
      expect(errors?.[0]?.message).toContain('ISO 8601')
      expect(errors?.[0]?.message).toContain('2026-11-21T08:30:00Z')
    }
    expect(http).toEqual(ws)
  })

  it('that stands in the query and does not exist is pointed at', async () => {
    const query = byLiteral('2026-02-30T00:00:00Z')
    const { http } = await client.ask(query, {})
    const column = query.indexOf('"2026-02-30') + 1
    expect(http.errors?.[0]).toMatchObject({
      locations: [{ line: 1, column }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
  })

  it.each([1796041184, true, ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00Z']])(
    'that is no text is none: %j',
    async (date) => {
      const { http } = await client.ask(byVariable, { after: date })
      expect(http.errors?.[0]?.message).toContain('ISO 8601')
    },
  )

  it('that exists is taken, in any offset', async () => {
    const dates = fc
      .date({ min: new Date('1971-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString())
    const offsets = fc.constantFrom('Z', '+00:00', '-11:30', '+14:00')
    await fc.assert(
      fc.asyncProperty(dates, offsets, async (date, offset) => {
        const { http } = await client.ask(byVariable, { after: date.replace('Z', offset) })
        expect(http.errors).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })

  it.each(['2024-02-29T23:59:59Z', '2026-02-28T00:00Z', '2026-12-31T23:59:59.999999999+05:30'])(
    '%s exists',
    async (date) => {
      expect((await client.ask(byVariable, { after: date })).http.errors).toBeUndefined()
    },
  )
})
