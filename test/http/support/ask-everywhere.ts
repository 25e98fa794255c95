import { bearer, post } from './probe.ts'
import { openKnownWire, type Message } from './socket.ts'

/** What an operation is answered over each transport: the whole text, and its errors with ids left out. */
export async function askEverywhere(url: string, key: string, query: string) {
  const [http, sse, message] = await Promise.all([
    // Without a type that it accepts, a subscription comes as a stream.
    query.startsWith('subscription') ? askByStream(url, key, query) : post(url, query, bearer(key)),
    askByStream(url, key, query),
    askBySocket(url, key, query),
  ])
  const payload = message.payload as { errors?: unknown }
  const overWs = message.type === 'error' ? payload : payload.errors
  const errors = [http.errors, sse.errors, overWs].map(withoutIds)
  return { texts: [http.text, sse.text, JSON.stringify(message)], errors }
}

/** The first result of a stream, which may go on. */
async function askByStream(
  url: string,
  key: string,
  query: string,
): Promise<{ text: string; errors: unknown }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk)
    if (/^data: \{.*\}$/m.test(text)) break
  }
  const { errors } = JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '{}') as { errors?: unknown }
  return { text, errors }
}

async function askBySocket(url: string, key: string, query: string): Promise<Message> {
  const wire = await openKnownWire(url, { authorization: `Bearer ${key}` })
  wire.subscribe('1', query)
  const message = await wire.inbox.next(({ id }) => id === '1')
  wire.socket.close()
  return message
}

function withoutIds(errors: unknown): unknown[] {
  const text = JSON.stringify(errors ?? [])
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/"fbtraceId":"[A-Za-z0-9_-]{1,100}"/g, '"fbtraceId":"TRACE"')
  return JSON.parse(text) as unknown[]
}
