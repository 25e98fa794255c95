import { Pool } from 'undici'
import { readBody, serve } from './serve.ts'

/*
 * The least that can answer the same question: read the post, make the same upstream call, rename the fields,
 * write JSON. No GraphQL, no checks, no limits, no error handling.
 */
const { UPSTREAM_ORIGIN = '', UPSTREAM_PATH = '', UPSTREAM_TOKEN = '' } = process.env
const pool = new Pool(UPSTREAM_ORIGIN, { connections: 100 })
const headers = { accept: 'application/json', authorization: `Bearer ${UPSTREAM_TOKEN}` }

interface Solution {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly status_for_pending_request: string
  readonly owner_permissions: readonly string[]
}

serve(async (request, response) => {
  JSON.parse((await readBody(request)).toString())
  const answer = await pool.request({ path: UPSTREAM_PATH, method: 'GET', headers })
  const page = (await answer.body.json()) as { data: readonly Solution[] }
  const body = JSON.stringify({ data: { app: { solutions: { edges: page.data.map(toEdge) } } } })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})

function toEdge(solution: Solution) {
  const { id, name, status, status_for_pending_request: pending, owner_permissions } = solution
  return {
    node: {
      solutionId: id,
      name,
      status,
      graphStatus: status,
      graphPendingRequest: pending,
      ownerPermissions: owner_permissions,
    },
  }
}
