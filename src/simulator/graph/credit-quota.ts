import { accountUsage, throttled } from './quota.ts'
import type { Scope } from '../nodes/bound.ts'

// Meta's page "Rate limits": 5000 calls an hour for each app on these
const metered = new Set([
  'GET business/extendedcredits',
  'POST creditLine/whatsapp_credit_sharing_and_attach',
  'GET creditLine/owning_credit_allocation_configs',
  'GET allocation',
  'DELETE allocation',
])
const hourly = 5000

export function chargeCredit({ caller, sim, headers }: Scope, key: string): void {
  if (!metered.has(key)) return
  const { businessId } = caller.app
  const reading = sim.meters.charge(`${caller.app.id} credit`, hourly)
  headers.set('x-business-use-case-usage', accountUsage(businessId, reading.percent, reading.regainMinutes))
  if (reading.over) throw throttled(80008)
}
