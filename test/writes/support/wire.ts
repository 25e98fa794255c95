import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One call as it left the gateway; an item of a batch is a call of its own. */
export interface Call {
  readonly method: string
  /** Without version and query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly token: string | null
}

export interface Wire {
  readonly url: string
  readonly calls: Call[]
  /** Refuses calls on this path with an error that quotes all of the request, in JSON or as a page. */
  echo: { readonly path: RegExp; readonly as: 'json' | 'page' } | null
  close(): Promise<void>
}

/** A public address that the wire turns into one of this machine, as nobody answers there. */
const publicHost = 'https://hooks.example.com'

/** Stands between a gateway and the simulator, keeps what is said with which token, and answers for a callback. */
export async function openWire(simulatorUrl: string): Promise<Wire> {
  const calls: Call[] = []
  const callback = createServer((request, response) => {
    response.end(new URL(request.url ?? '', 'http://localhost').searchParams.get('hub.challenge'))
  }).listen(0, '127.0.0.1')
  await once(callback, 'listening')
  const here = `http://127.0.0.1:${(callback.address() as AddressInfo).port}`
  const server = createServer((request, response) => {
    void pass(request, response).catch(() => request.socket.resetAndDestroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>)
    const body = Buffer.concat(chunks)
    const text = body.toString('latin1')
    calls.push(...callsIn(request, text))
    if (wire.echo?.path.test(request.url ?? '')) return quote(request, text, response, wire.echo.as)
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers
    const answer = await fetch(`${simulatorUrl}${request.url}`, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      ...(text !== '' && { body: Buffer.from(swap(text, publicHost, here), 'latin1') }),
    })
    const answered = swap(await answer.text(), here, publicHost)
    for (const [name, value] of answer.headers)
      if (!['content-length', 'content-encoding', 'transfer-encoding', 'connection'].includes(name))
        response.setHeader(name, value)
    response.writeHead(answer.status).end(answered)
  }

  const close = async (): Promise<void> => {
    for (const one of [server, callback]) {
      one.closeAllConnections()
      await new Promise((resolve) => one.close(resolve))
    }
  }
  const wire: Wire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    echo: null,
    close,
  }
  return wire
}

function quote(
  { url, headers }: IncomingMessage,
  body: string,
  response: ServerResponse,
  as: 'json' | 'page',
): void {
  const isFile = headers['content-type']?.startsWith('multipart/') ?? false
  const said = `Not so: ${url} ${isFile ? '' : body} ${JSON.stringify(headers)} `
  if (as === 'page')
    return void response.writeHead(502, { 'content-type': 'text/html' }).end(`<b>${said}</b>`)
  const error = { message: said, type: 'OAuthException', code: 100, error_user_msg: said, fbtrace_id: 'A' }
  response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
}

// As it is, as it stands in JSON with escaped slashes, and as it stands in a form.
function swap(text: string, from: string, to: string): string {
  const forms = [(url: string) => url, (url: string) => url.replaceAll('/', '\\/'), encodeURIComponent]
  return forms.reduce((swapped, form) => swapped.replaceAll(form(from), form(to)), text)
}

function callsIn({ method = '', url = '', headers }: IncomingMessage, body: string): Call[] {
  const outer = callOf(method, url, headers.authorization?.replace(/^Bearer /, '') ?? null)
  if (outer.path !== '/' || method !== 'POST') return [outer]
  return itemsOf(body).map((item) => callOf(item.method, item.relative_url, outer.token))
}

interface Item {
  readonly method: string
  readonly relative_url: string
}

function itemsOf(body: string): readonly Item[] {
  const batch = body.startsWith('{')
    ? (JSON.parse(body) as { batch?: unknown }).batch
    : new URLSearchParams(body).get('batch')
  return (typeof batch === 'string' ? JSON.parse(batch) : (batch ?? [])) as readonly Item[]
}

function callOf(method: string, address: string, outer: string | null): Call {
  const { pathname, searchParams: query } = new URL(address, 'http://localhost/')
  const path = pathname.replace(/^\/v\d+\.\d+/, '') || '/'
  return { method, path, query, token: query.get('access_token') ?? outer }
}
