import { z } from 'zod'

import { seconds } from '../clock.ts'
import { GraphError, forbidden, invalid } from '../graph/error.ts'
import { type Params, requiredText, text } from '../graph/params.ts'
import { checked } from '../graph/shape.ts'
import type { Json } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { CodeRow } from '../world/partner-side.ts'
import type { AppRow } from '../world/rows.ts'
import { businessToken } from '../world/token.ts'

const Exchanged = z.strictObject({ access_token: z.string() })

const lifetimeMs = 30_000

/** The exchange that ends Embedded Signup, "Onboarding customers as a Solution Partner". */
export function exchangeCode(sim: Sim, app: AppRow, params: Params): Json {
  const row = sim.world.codes.get(requiredText(params, 'code'))
  if (row === undefined || row.appId !== app.id) throw invalid('Invalid verification code format.')
  useUp(sim, row, text(params, 'redirect_uri') ?? '')
  const token = businessToken(sim.world, app.id, row.businessId, seconds(sim.clock.now()))
  if (token === undefined) throw forbidden('The customer has removed the app')
  return checked('CodeExchanged', Exchanged, { access_token: token.token })
}

/** Code and sentence as third parties recorded them; that the code is not used up by it is a guess. */
function checkRedirect({ redirectUri = '' }: CodeRow, given: string): void {
  if (given === redirectUri) return
  const message =
    'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the ' +
    'OAuth dialog request'
  throw new GraphError(100, message, { subcode: 36_008 })
}

// Once, and within 30 seconds ("Facebook Login for Business"); 36009 was recorded by third parties, 36007 is a guess
function useUp({ world, clock }: Sim, row: CodeRow, redirectUri: string): void {
  if (row.used) throw new GraphError(100, 'This authorization code has been used.', { subcode: 36_009 })
  if (clock.now() - row.issuedAt > lifetimeMs) {
    throw new GraphError(100, 'This authorization code has expired.', { subcode: 36_007 })
  }
  checkRedirect(row, redirectUri)
  world.codes.set(row.code, { ...row, used: true })
}
