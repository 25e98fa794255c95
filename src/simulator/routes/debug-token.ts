import { z } from 'zod'

import { type Caller, findCaller } from '../graph/caller.ts'
import { forbidden } from '../graph/error.ts'
import { type Params, requiredText } from '../graph/params.ts'
import type { Scope } from '../graph/scope.ts'
import { checked } from '../graph/shape.ts'
import type { JsonObject } from '../json.ts'
import type { World } from '../world/rows.ts'

const Scopes = z.strictObject({ scope: z.string(), target_ids: z.array(z.string()).optional() })
const Valid = z.strictObject({
  app_id: z.string(),
  application: z.string(),
  data_access_expires_at: z.literal(0),
  expires_at: z.literal(0),
  granular_scopes: z.array(Scopes).optional(),
  is_valid: z.literal(true),
  issued_at: z.int().optional(),
  scopes: z.array(z.string()),
  type: z.enum(['APP', 'SYSTEM_USER', 'USER']),
})
const Invalid = z.strictObject({
  error: z.strictObject({ code: z.literal(190), message: z.string() }),
  is_valid: z.literal(false),
  scopes: z.array(z.string()),
})
const DebugToken = z.strictObject({ data: z.union([Valid, Invalid]) })

const whatsApp = ['whatsapp_business_management', 'whatsapp_business_messaging']

/** Guide "Manage accounts": ids of the accounts a token opens, newest first. */
function targets(world: World, token: Caller): string[] {
  if (token.kind !== 'business') return []
  const rows = [...world.wabas.values()].filter((waba) => waba.ownerBusinessId === token.businessId)
  return rows.toSorted((a, b) => b.createdAt - a.createdAt).map((waba) => waba.id)
}

function describe({ world }: Scope, token: Caller): JsonObject {
  const target_ids = targets(world, token)
  const common = {
    app_id: token.app.id,
    application: token.app.name,
    data_access_expires_at: 0,
    expires_at: 0,
  }
  if (token.kind === 'app') return { ...common, is_valid: true, scopes: [], type: 'APP' }
  return {
    ...common,
    // Left out when nothing is narrowed: that does not mean that everything is allowed
    granular_scopes: target_ids.length > 0 ? whatsApp.map((scope) => ({ scope, target_ids })) : undefined,
    is_valid: true,
    issued_at: world.tokens.get(token.token)?.issuedAt,
    scopes: [...whatsApp, 'public_profile', ...(token.kind === 'business' ? [] : ['business_management'])],
    type: token.kind === 'user' ? 'USER' : 'SYSTEM_USER',
  }
}

const invalidToken = { code: 190, message: 'Invalid OAuth access token.' }

/** `GET /debug_token`: by the system token, the app token or a user token of the app that issued the other. */
export function debugToken(scope: Scope, params: Params): JsonObject {
  if (scope.caller.kind === 'business') throw forbidden('A business token cannot inspect tokens')
  const token = findCaller(scope.world, requiredText(params, 'input_token'))
  if (token !== undefined && token.app.id !== scope.caller.app.id) {
    throw forbidden('The token to inspect was issued for another app')
  }
  const data = token ? describe(scope, token) : { error: invalidToken, is_valid: false, scopes: [] }
  return checked('DebugToken', DebugToken, { data })
}
