import type { World } from '../world/rows.ts'

/** Meta's page "Messaging limits": per portfolio, 250 at first, 2,000 once the business is verified. */
export function messagingLimit(world: World, businessId: string): string {
  const verified = world.businesses.get(businessId)?.verificationStatus === 'verified'
  return world.standing.messagingLimits.get(businessId) ?? (verified ? 'TIER_2K' : 'TIER_250')
}
