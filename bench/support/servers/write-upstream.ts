import { readBody, serve } from './serve.ts'

/*
 * In place of the Graph API, for creations: each has an id of its own, every list is empty, and every object is a solution
 * that waits for its partner. `GET /__calls` lists what was asked, `DELETE` forgets it.
 */
interface Call {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

let calls: Call[] = []
let created = 0

serve(async (request, response) => {
  const { method = 'GET', url: path = '/', headers } = request
  const { authorization, 'content-type': type } = headers
  const body = (await readBody(request)).toString()
  if (path !== '/__calls') {
    calls.push({
      method,
      path,
      headers: { accept: 'application/json', authorization, 'content-type': type },
      body,
    })
    // What a round leaves would grow without end.
    if (calls.length > 100) calls = []
    return send(answerTo(method, path))
  }
  if (method === 'DELETE') calls = []
  send(calls)

  function send(answer: object): void {
    const text = JSON.stringify(answer)
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
  }
})

function answerTo(method: string, path: string): object {
  if (method === 'POST') return { solution_id: String(1_715_120_619_246_000 + created++) }
  const id = /^\/v[\d.]+\/(\d+)(?:\?|$)/.exec(path)?.[1]
  if (id === undefined) return { data: [] }
  return { id, name: 'Bench', status: 'INITIATED', status_for_pending_request: 'NONE', owner_permissions: [] }
}
