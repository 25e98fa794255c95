import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/*
 * Stands between a gateway and its Graph, and takes nothing that Meta has ended, alone or as an item of a batch: root
 * `?ids=` is answered as Meta answers it, and whatever else has ended is written down.
 */
export interface MetaOfToday {
  readonly url: string
  /** What came that has ended, by what it is; empty as long as all is well. */
  readonly ended: readonly string[]
  /** How many HTTP requests came. */
  readonly seen: number
  /** How many items came in batches. */
  readonly items: number
  [Symbol.asyncDispose](): Promise<void>
}

const parameters = ['ids', 'date_format', 'debug', 'pretty', 'method', 'callback', 'asyncbatch']
const refusal = JSON.stringify({
  error: {
    message: 'The ids query parameter is deprecated in v26.0+.',
    type: 'OAuthException',
    code: 100,
    fbtrace_id: 'A',
  },
})

interface Item {
  readonly relative_url: string
  readonly body?: string
}

export async function startMetaOfToday(graphUrl: string): Promise<MetaOfToday> {
  const ended: string[] = []
  const counts = { seen: 0, items: 0 }
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
    const { method = 'GET', url = '/', headers } = request
    const form = /urlencoded/.test(headers['content-type'] ?? '')
      ? new URLSearchParams(body.toString())
      : new URLSearchParams()
    const items = JSON.parse(form.get('batch') ?? '[]') as readonly Item[]
    counts.seen += 1
    counts.items += items.length
    ended.push(...endedIn(url, form, headers), ...items.flatMap((item) => endedInItem(item)))
    if (asksForIds(url))
      return void response.writeHead(500, { 'content-type': 'application/json' }).end(refusal)
    const forwarded = { ...headers, host: new URL(graphUrl).host }
    const answer = await fetch(`${graphUrl}${url}`, {
      method,
      headers: Object.entries(forwarded).flatMap(([name, value]) =>
        hopByHop.has(name) ? [] : [[name, String(value)] as [string, string]],
      ),
      ...(method !== 'GET' && method !== 'HEAD' && { body }),
    })
    const text = await answer.text()
    const labels = Object.fromEntries([...answer.headers].filter(([name]) => !hopByHop.has(name)))
    response.writeHead(answer.status, labels)
    response.end(items.some(({ relative_url }) => asksForIds(relative_url)) ? refuseItems(text, items) : text)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ended,
    get seen() {
      return counts.seen
    },
    get items() {
      return counts.items
    },
    [Symbol.asyncDispose]: () => close(server),
  }
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
])

const searchOf = (url: string): URLSearchParams =>
  new URL(url.replace(/^\/*/, '/'), 'http://graph.invalid').searchParams

const asksForIds = (url: string): boolean => searchOf(url).has('ids')

function endedIn(url: string, form: URLSearchParams, headers: IncomingHttpHeaders = {}): string[] {
  const search = searchOf(url)
  return [
    ...parameters.filter((name) => search.has(name) || form.has(name)),
    ...(/\.as\(/.test(`${search.get('fields')}${form.get('fields')}`) ? ['alias'] : []),
    ...(headers['if-none-match'] === undefined ? [] : ['etag']),
    ...(headers['x-http-method-override'] === undefined ? [] : ['method']),
  ]
}

const endedInItem = ({ relative_url, body = '' }: Item): string[] =>
  endedIn(relative_url, new URLSearchParams(body))

function refuseItems(text: string, items: readonly Item[]): string {
  const rows = JSON.parse(text) as unknown[]
  const refused = { code: 500, headers: [], body: refusal }
  return JSON.stringify(
    rows.map((row, index) => (asksForIds(items[index]?.relative_url ?? '') ? refused : row)),
  )
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}
