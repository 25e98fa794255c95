import { createHash, timingSafeEqual } from 'node:crypto'

import { z } from 'zod'

import { seconds } from '../clock.ts'
import { findCaller } from '../graph/caller.ts'
import { GraphError, badToken, forbidden, invalid, notFound, unknownPath } from '../graph/error.ts'
import { type Params, requiredText, text } from '../graph/params.ts'
import { checked } from '../graph/shape.ts'
import { deadToken } from '../graph/token-life.ts'
import type { Json } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { AppRow, TokenRow } from '../world/rows.ts'
import { changeToken, issueToken, sixtyDays } from '../world/token.ts'
import { exchangeCode } from './code-exchange.ts'

const Refreshed = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.int(),
})
const Revoked = z.strictObject({ success: z.literal('true') })

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** Third parties recorded the second refusal, with HTTP 400; the code of the first is a guess. */
function appOf({ world }: Sim, params: Params): AppRow {
  const app = world.apps.get(requiredText(params, 'client_id'))
  if (app === undefined) throw new GraphError(101, 'Error validating application. Invalid application ID.')
  if (!timingSafeEqual(digest(requiredText(params, 'client_secret')), digest(app.secret))) {
    throw new GraphError(1, 'Error validating client secret.', { status: 400 })
  }
  return app
}

function tokenOf(sim: Sim, app: AppRow, token: string): TokenRow {
  const caller = findCaller(sim.world, token)
  if (caller === undefined || caller.kind === 'app') throw badToken()
  if (caller.app.id !== app.id) throw forbidden('The token was issued for another app')
  const dead = deadToken(caller.row, seconds(sim.clock.now()))
  if (dead !== undefined) throw dead
  return caller.row
}

/** Page "Install apps, generate, refresh and revoke tokens": a new one for 60 days; the old one stays as it was. */
function refresh(sim: Sim, params: Params): Json {
  const app = appOf(sim, params)
  const old = tokenOf(sim, app, requiredText(params, 'fb_exchange_token'))
  if (old.kind === 'system' && text(params, 'set_token_expires_in_60_days') !== 'true') {
    throw invalid('The parameter set_token_expires_in_60_days must be true')
  }
  const now = seconds(sim.clock.now())
  const { token: _old, ...rest } = old
  const { token } = issueToken(sim.world, { ...rest, issuedAt: now, expiresAt: now + sixtyDays })
  const reply = { access_token: token, token_type: 'bearer', expires_in: sixtyDays }
  return checked('TokenRefreshed', Refreshed, reply)
}

/** The same page: effective at once, and the one reply whose `success` is a text. */
function revoke(sim: Sim, params: Params): Json {
  const app = appOf(sim, params)
  tokenOf(sim, app, requiredText(params, 'access_token'))
  const { token } = tokenOf(sim, app, requiredText(params, 'revoke_token'))
  changeToken(sim.world, token, { revoked: 467 })
  return checked('TokenRevoked', Revoked, { success: 'true' })
}

/** Calls that prove themselves with the app's secret. Meta's pages show them as GET, and nothing else. */
export function oauth(sim: Sim, method: string, edge: string | undefined, params: Params): Json {
  if (edge !== 'access_token' && edge !== 'revoke') throw unknownPath(`/oauth/${edge ?? ''}`)
  if (method !== 'GET') throw notFound(edge, method)
  if (edge === 'revoke') return revoke(sim, params)
  if (text(params, 'grant_type') === 'fb_exchange_token') return refresh(sim, params)
  return exchangeCode(sim, appOf(sim, params), params)
}
