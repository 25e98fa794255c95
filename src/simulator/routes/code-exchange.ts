import { z } from 'zod'

import { seconds } from '../clock.ts'
import { GraphError, forbidden, invalid } from '../graph/error.ts'
import { type Params, requiredText } from '../graph/params.ts'
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
  useUp(sim, row)
  const token = businessToken(sim.world, app.id, row.businessId, seconds(sim.clock.now()))
  if (token === undefined) throw forbidden('The customer has removed the app')
  return checked('CodeExchanged', Exchanged, { access_token: token.token })
}

// Once, and within 30 seconds ("Facebook Login for Business"); 36009 was recorded by third parties, 36007 is a guess
function useUp({ world, clock }: Sim, row: CodeRow): void {
  if (row.used) throw new GraphError(100, 'This authorization code has been used.', { subcode: 36_009 })
  if (clock.now() - row.issuedAt > lifetimeMs) {
    throw new GraphError(100, 'This authorization code has expired.', { subcode: 36_007 })
  }
  world.codes.set(row.code, { ...row, used: true })
}
