import { isKnownAccountEvent } from './account-events.ts'
import { isKnownSolutionEvent } from './classify.ts'
import type { Change } from './envelope.ts'
import { useOf } from './fields.ts'
import { member } from './record.ts'
import { whatsapp } from './topics.ts'

/** What about a stored change this version has never heard of. */
type Novelty = 'object' | 'field' | 'event'

export function noveltyOf(change: Change, object: string | null): Novelty | null {
  const use = useOf(change.field)
  if (use === 'counted') return null
  if (object !== whatsapp) return 'object'
  if (use === 'unknown') return 'field'
  return use === 'alert' || isKnownEvent(change) ? null : 'event'
}

function isKnownEvent({ field, value }: Change): boolean {
  const event = member(value, 'event')
  if (typeof event !== 'string') return false
  return field === 'partner_solutions' ? isKnownSolutionEvent(event) : isKnownAccountEvent(event)
}
