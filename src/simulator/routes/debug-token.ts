import { z } from 'zod'

import { seconds } from '../clock.ts'
import { tokenOpens } from '../graph/access.ts'
import { type Caller, findCaller } from '../graph/caller.ts'
import { type GraphError, forbidden } from '../graph/error.ts'
import { type Params, requiredText } from '../graph/params.ts'
import { scopesOf } from '../graph/permission.ts'
import type { Scope } from '../nodes/bound.ts'
import { checked } from '../graph/shape.ts'
import { deadToken } from '../graph/token-life.ts'
import type { JsonObject } from '../json.ts'
import type { World } from '../world/rows.ts'

const Scopes = z.strictObject({ scope: z.string(), target_ids: z.array(z.string()).optional() })
const Valid = z.strictObject({
  app_id: z.string(),
  application: z.string(),
  data_access_expires_at: z.literal(0),
  expires_at: z.int(),
  granular_scopes: z.array(Scopes).optional(),
  is_valid: z.literal(true),
  issued_at: z.int().optional(),
  scopes: z.array(z.string()),
  type: z.enum(['APP', 'SYSTEM_USER', 'USER']),
  user_id: z.string().optional(),
})
const Invalid = z.strictObject({
  app_id: z.string().optional(),
  application: z.string().optional(),
  error: z.strictObject({ code: z.literal(190), message: z.string(), subcode: z.int().optional() }),
  expires_at: z.int().optional(),
  is_valid: z.literal(false),
  scopes: z.array(z.string()),
})
const DebugToken = z.strictObject({ data: z.union([Valid, Invalid]) })

/** Guide "Manage accounts": ids of the accounts a token opens, newest first. */
function targets(world: World, token: Caller): string[] {
  if (token.kind !== 'business') return []
  const rows = [...world.wabas.values()].filter((waba) => tokenOpens(token.app, token.businessId, waba))
  return rows.toSorted((a, b) => b.createdAt - a.createdAt).map((waba) => waba.id)
}

const nameOf = ({ app }: Caller) => ({ app_id: app.id, application: app.name })

function describe({ world }: Scope, token: Caller): JsonObject {
  const common = { ...nameOf(token), data_access_expires_at: 0, is_valid: true }
  if (token.kind === 'app') return { ...common, expires_at: 0, scopes: [], type: 'APP' }
  const [target_ids, scopes] = [targets(world, token), scopesOf(token.row)]
  const granular = scopes.filter((scope) => scope.startsWith('whatsapp_'))
  return {
    ...common,
    expires_at: token.row.expiresAt ?? 0,
    // Left out when nothing is narrowed: that does not mean that everything is allowed
    granular_scopes: target_ids.length > 0 ? granular.map((scope) => ({ scope, target_ids })) : undefined,
    issued_at: token.row.issuedAt,
    scopes,
    type: token.kind === 'user' ? 'USER' : 'SYSTEM_USER',
    user_id: token.kind === 'system' ? token.app.systemUserId : token.row.person?.id,
  }
}

const unknown = { error: { code: 190, message: 'Invalid OAuth access token.' }, is_valid: false, scopes: [] }

/** Status 200 all the same: what is wrong stands inside. */
function describeDead(token: Caller, { code, message, details: { subcode } }: GraphError): JsonObject {
  const expires_at = token.kind === 'app' ? 0 : (token.row.expiresAt ?? 0)
  return { ...nameOf(token), error: { code, message, subcode }, expires_at, is_valid: false, scopes: [] }
}

function dataOf(scope: Scope, token: Caller | undefined): JsonObject {
  if (token === undefined) return unknown
  const now = seconds(scope.sim.clock.now())
  const dead = token.kind === 'app' ? undefined : deadToken(token.row, now)
  return dead === undefined ? describe(scope, token) : describeDead(token, dead)
}

/** `GET /debug_token`: by the system token, the app token or a user token of the app that issued the other. */
export function debugToken(scope: Scope, params: Params): JsonObject {
  if (scope.caller.kind === 'business') throw forbidden('A business token cannot inspect tokens')
  const token = findCaller(scope.world, requiredText(params, 'input_token'))
  if (token !== undefined && token.app.id !== scope.caller.app.id) {
    throw forbidden('The token to inspect was issued for another app')
  }
  return checked('DebugToken', DebugToken, { data: dataOf(scope, token) })
}
