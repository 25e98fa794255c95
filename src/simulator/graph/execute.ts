import { seconds } from '../clock.ts'
import type { Json } from '../json.ts'
import { createNodes } from '../nodes/nodes.ts'
import { debugToken } from '../routes/debug-token.ts'
import { me } from '../routes/me.ts'
import { oauth } from '../routes/oauth.ts'
import { findRoute } from '../routes/routes.ts'
import type { Sim } from '../sim.ts'
import type { Answer, GraphCall } from './call.ts'
import { identify } from './caller.ts'
import { chargeCredit } from './credit-quota.ts'
import { asGraphError, envelope, invalid, notFound, statusOf, unknownPath } from './error.ts'
import { locate } from './locate.ts'
import { checkProof } from './proof.ts'
import { refuseRemoved } from './removed.ts'
import { chargeAccount, chargeApp } from './quota.ts'
import type { Scope } from '../nodes/bound.ts'
import { fieldOf, renderEdge, renderNode, requestedFields } from './select.ts'
import { answeringVersion, latestVersion } from './version.ts'

/** Answers one call; every refusal comes back in Graph's envelope, never as a throw. */
export async function execute(sim: Sim, call: GraphCall): Promise<Answer> {
  const headers = new Map<string, string>()
  let version = latestVersion
  const answer = (status: number, body: Json): Answer => ({
    status,
    headers: { 'facebook-api-version': version, ...Object.fromEntries(headers) },
    body,
  })
  try {
    version = answeringVersion(call.version)
    refuseRemoved(call)
    if (call.path[0] === 'oauth') return answer(200, oauth(sim, call.method, call.path[1], call.params))
    return answer(200, await respond(openScope(sim, call, version, headers), call))
  } catch (error) {
    const known = asGraphError(error)
    return answer(known.details.status ?? statusOf(known.code), envelope(known))
  }
}

function openScope(sim: Sim, call: GraphCall, version: string, headers: Map<string, string>): Scope {
  const { world } = sim
  const caller = identify(world, call.token, seconds(sim.clock.now()))
  checkProof(caller, call.proof)
  const nodes = createNodes(world)
  const scope = { sim, world, nodes, caller, version, refused: call.refused, rendered: 0, headers }
  chargeApp(scope)
  return scope
}

function respond(scope: Scope, call: GraphCall): Json | Promise<Json> {
  const { method, path, params } = call
  if (!['GET', 'POST', 'DELETE'].includes(method)) throw invalid(`Unsupported method ${method}`)
  const [id, edge, ...more] = path
  if (more.length > 0) throw unknownPath(`/${path.join('/')}`)
  if (id === undefined) throw notFound('', method)
  if (id === 'debug_token' && edge === undefined && method === 'GET') return debugToken(scope, params)
  if (id === 'me') return me(scope, method, edge, params)
  return atNode(scope, call, id, edge)
}

function atNode(scope: Scope, call: GraphCall, id: string, edge: string | undefined): Json | Promise<Json> {
  const { method, params } = call
  const located = locate(scope, id, method)
  const key = `${method} ${located.kind}${edge === undefined ? '' : `/${edge}`}`
  chargeAccount(scope, key, located)
  chargeCredit(scope, key)
  const route = findRoute(key)
  if (route !== undefined) return route({ scope, id, params })
  if (method !== 'GET') throw notFound(id, method)
  const fields = requestedFields(params)
  if (edge === undefined) return renderNode(located.node, fields, scope)
  const value = fieldOf(located.node, edge, scope)
  if (value.kind === 'edge') return renderEdge(value.edge, params, fields, scope)
  throw invalid(`Tried accessing nonexisting field (${edge}) on node type (${located.node.type})`)
}
