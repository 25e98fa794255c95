import { Pool } from 'undici'
import { readBody, serve } from './serve.ts'

/** The least that can make the same calls upstream, one after another, for each post. Nothing is kept or looked at. */
const { UPSTREAM_ORIGIN = '', CALLS = '[]' } = process.env
const pool = new Pool(UPSTREAM_ORIGIN, { connections: 100 })

interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}
const calls = JSON.parse(CALLS) as readonly Call[]

serve(async (request, response) => {
  JSON.parse((await readBody(request)).toString())
  let last: unknown = null
  for (const { method, path, headers, body } of calls) {
    const answer = await pool.request({ path, method, headers, body: body === '' ? null : body })
    last = await answer.body.json()
  }
  const text = JSON.stringify({ data: last })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
})
