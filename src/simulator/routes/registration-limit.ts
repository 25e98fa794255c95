import { cloudError } from '../graph/error.ts'
import { changeNumber, numberLife } from '../world/number.ts'
import type { RouteCall } from './route.ts'

const most = 10
const window = 72 * 3_600_000

/**
 * Ten register and deregister requests for a number in 72 hours; the next is refused and shuts the number out for 72
 * hours (Meta's page "Business phone numbers, registration").
 */
export function chargeRegistration({ scope: { sim, world }, id }: RouteCall): void {
  const now = sim.clock.now()
  const { requests, lockedUntil } = numberLife(world, id)
  if (now < lockedUntil) throw refused()
  const recent = requests.filter((at) => at > now - window)
  if (recent.length < most) return changeNumber(world, id, { requests: [...recent, now] })
  changeNumber(world, id, { requests: recent, lockedUntil: now + window })
  throw refused()
}

const refused = () =>
  cloudError(
    133_016,
    'Account register/deregister rate limit exceeded',
    'Too many attempts for this number: it is blocked for 72 hours',
  )
