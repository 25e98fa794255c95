import type { Sim } from '../sim.ts'
import { isSolutionPartner } from '../world/person.ts'
import type { BusinessRow } from '../world/rows.ts'
import { makeToken } from '../world/secrets.ts'
import { ControlError } from './error.ts'

const week = 7 * 24 * 3_600_000
const most = 200
/** In seconds. */
const year = 365 * 24 * 3600

/** A code for the app on whose page the customer signed up: what `FB.login` would hand to that page. */
export function signupCode(
  { world, clock }: Sim,
  appId: string,
  businessId: string,
  redirectUri: string | undefined,
): string {
  const code = `AQ${makeToken('code', appId, businessId, String(world.codes.size))}`
  world.codes.set(code, {
    code,
    appId,
    businessId,
    issuedAt: clock.now(),
    used: false,
    ...(redirectUri !== undefined && { redirectUri }),
  })
  return code
}

/**
 * Guide "Multi-Partner Solutions": a Tech Provider in a solution brings in 200 new customers in a rolling week, and only
 * customers new to the platform count.
 */
export function checkSignup(sim: Sim, appId: string, counts: boolean): void {
  const { world, clock } = sim
  if (
    !counts ||
    !world.settings.weeklyLimit ||
    isSolutionPartner(world, world.apps.get(appId)?.businessId ?? '')
  )
    return
  const since = clock.now() - week
  const recent = world.onboardings.filter((row) => row.appId === appId && row.newToPlatform && row.at > since)
  if (recent.length >= most) {
    throw new ControlError(409, `App ${appId} has brought in ${most} new customers within a week`)
  }
}

export function recordSignup(
  { world, clock }: Sim,
  appId: string,
  businessId: string,
  newToPlatform: boolean,
): void {
  world.onboardings.push({ appId, businessId, newToPlatform, at: clock.now() })
}

/** No webhook tells whether a customer is new; one that is known has made its portfolio long before. */
export function makeOlder({ world }: Sim, business: BusinessRow): void {
  world.businesses.set(business.id, { ...business, createdAt: business.createdAt - year })
}
