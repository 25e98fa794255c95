import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { data, watchBySse, watchByWs } from '../support/clients.ts'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { CreateSolutionDocument, WatchEventsDocument, WatchSolutionsDocument } from '../support/operations.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'

interface ServerSentEvent {
  readonly event?: string
  readonly id?: string
  readonly data?: string
  readonly retry?: string
}

describe('a stream', () => {
  let gateway: TestGateway
  let simulator: Control

  beforeAll(async () => {
    gateway = await startTestGateway({ heartbeatSeconds: 1 })
    simulator = controlOf(gateway.simulator.url)
  })
  afterAll(() => gateway.close())

  const create = async (name: string): Promise<string> => {
    const input = { appId: socialOverdrive, name, partnerAppId: luckyShrub, messaging: 'OWNER' as const }
    const { createSolution } = await data(gateway.url, CreateSolutionDocument, { input })
    return 'solution' in createSolution ? createSolution.solution.solutionId : ''
  }

  /** The blocks of a server-sent stream, one after the other. */
  async function* sse(
    query: string,
    headers: Record<string, string> = {},
  ): AsyncGenerator<ServerSentEvent, void, void> {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query }),
    })
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk)
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        yield Object.fromEntries(
          text
            .slice(0, end)
            .split('\n')
            .map((line) => line.split(/: ?(.*)/s, 2) as [string, string]),
        )
        text = text.slice(end + 2)
      }
    }
  }
  const take = async (events: AsyncGenerator<ServerSentEvent>, count: number): Promise<ServerSentEvent[]> => {
    const taken: ServerSentEvent[] = []
    for await (const event of events) {
      if (event.event === 'next') taken.push(event)
      if (taken.length === count) return taken
    }
    return taken
  }
  const watchEvents = `subscription { events(filter: {appId: "${luckyShrub}", sources: [WEBHOOK]}) { ... on SolutionEvent { cursor solutionId } } }`

  it('over SSE names each item by its cursor and says when to come back', async () => {
    const events = sse(watchEvents)
    expect((await events.next()).value).toEqual({ retry: '2000' })
    const solutionId = await create('Named by its cursor')
    const [item] = await take(events, 1)
    const { events: event } = (
      JSON.parse(item?.data ?? '') as { data: { events: { cursor: string; solutionId: string } } }
    ).data
    expect(event.solutionId).toBe(solutionId)
    expect(item?.id).toBe(event.cursor)
  })

  it('over SSE goes on behind Last-Event-ID: what was missed comes first, once', async () => {
    const first = sse(watchEvents)
    await first.next()
    const seen = [await create('Seen live')]
    const [last] = await take(first, 1)
    const missed = [await create('Missed one'), await create('Missed two')]
    const resumed = await take(sse(watchEvents, { 'last-event-id': last?.id ?? '' }), 2)
    expect(
      resumed.map(
        (item) =>
          (JSON.parse(item.data ?? '') as { data: { events: { solutionId: string } } }).data.events
            .solutionId,
      ),
    ).toEqual(missed)
    expect(seen).not.toContain(missed[0])
  })

  it('refuses a Last-Event-ID that is none of its cursors', async () => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'last-event-id': 'forged' },
      body: JSON.stringify({ query: watchEvents }),
    })
    expect(await response.text()).toContain('"code":"INVALID_INPUT"')
  })

  it('beats when nothing else comes, with a cursor to go on from', async () => {
    const watch = await watchByWs(gateway.url, WatchEventsDocument, {})
    const result = await watch.inbox.next(({ data: item }) => item?.events.__typename === 'StreamHeartbeat')
    expect(result.data?.events).toMatchObject({
      cursor: expect.any(String) as string,
      at: expect.any(String) as string,
    })
    const { cursor } = result.data!.events as { cursor: string }
    watch.stop()
    const solutionId = await create('After the beat')
    const resumed = await watchByWs(gateway.url, WatchEventsDocument, {
      after: cursor,
      filter: { sources: ['WEBHOOK'] },
    })
    const next = await resumed.inbox.next(({ data: item }) => item?.events.__typename === 'SolutionEvent')
    expect(next.data?.events).toMatchObject({ solutionId })
    resumed.stop()
  })

  it('of which 200 ask for different fields of one solution costs one Graph call per event', async () => {
    const selections = [
      'solution { name }',
      'solution { status ownerApp { name } }',
      'solution { partners(first: 3) { edges { node { status app { name } } } } }',
      'status',
    ]
    const streams = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const query = `subscription { solutionStatusChanged(appId: "${luckyShrub}") { ${selections[index % selections.length]} } }`
        const stream = sse(query)
        await stream.next()
        return stream
      }),
    )
    const body = (solutionId: string) => ({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '506914307656634',
          time: 1_700_000_000,
          changes: [
            {
              field: 'partner_solutions',
              value: { event: 'SOLUTION_UPDATED', solution_id: solutionId, solution_status: 'INITIATED' },
            },
          ],
        },
      ],
    })
    const solutionId = gateway.simulator.state().solutions[0]?.id ?? ''
    await simulator.forgetRequests()
    await simulator.webhook(luckyShrub, body(solutionId))
    const items = await Promise.all(streams.map((stream) => take(stream, 1)))
    for (const [item] of items) expect(item?.data).not.toContain('errors')
    expect((await simulator.requests()).total).toBe(1)
  })

  const acceptAtGraph = async (solutionId: string): Promise<void> => {
    const headers = { authorization: `Bearer ${gateway.config.apps[0].systemToken}` }
    const response = await fetch(`${gateway.simulator.url}/${solutionId}/accept`, { method: 'POST', headers })
    expect(response.status).toBe(200)
  }

  it.each([
    ['SSE', watchBySse],
    ['WebSocket', watchByWs],
  ] as const)('over %s waits while Graph is down, and passes nothing over', async (_, watchBy) => {
    const solutionId = await create('Watched through an outage')
    const watch = await watchBy(gateway.url, WatchSolutionsDocument, { solutionId, appId: luckyShrub })
    await watch.inbox.next()
    await simulator.faults({ method: 'GET', path: '/', kind: 'error', code: 2 })
    await acceptAtGraph(solutionId)
    await simulator.faults()
    expect((await watch.inbox.next()).data?.solutionStatusChanged).toMatchObject({
      status: 'ACTIVE',
      initial: false,
    })
    watch.stop()
  })

  it('shows UNKNOWN where Graph refuses to be asked, and goes on behind it', async () => {
    const solutionId = await create('Refused for a while')
    const watch = await watchBySse(gateway.url, WatchSolutionsDocument, { appId: luckyShrub })
    await simulator.faults({ method: 'GET', path: '/', kind: 'error', code: 190 })
    await acceptAtGraph(solutionId)
    const refused = await watch.inbox.next()
    expect(refused.data?.solutionStatusChanged).toMatchObject({
      status: 'UNKNOWN',
      solution: { solutionId, name: null },
    })
    await simulator.faults()
    const next = await create('Comes after it')
    expect((await watch.inbox.next()).data?.solutionStatusChanged).toMatchObject({
      status: 'INITIATED',
      solution: { solutionId: next },
    })
    watch.stop()
  })

  it('of a solution that is not there ends with a code', async () => {
    const watch = await watchByWs(gateway.url, WatchSolutionsDocument, { solutionId: '12345' })
    expect((await watch.inbox.next()).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    watch.stop()
  })

  it('that cannot begin ends with a code', async () => {
    const watch = await watchByWs(gateway.url, WatchEventsDocument, { after: 'nonsense' })
    expect((await watch.inbox.next()).errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
    watch.stop()
  })
})
