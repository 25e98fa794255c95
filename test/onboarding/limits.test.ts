import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/events/event.ts'
import { budgetOf } from '../../src/phone-numbers/registration-budget.ts'

const hour = 3_600_000
const now = 1_000 * hour

const at = (hoursAgo: number, event = 'REGISTRATION_REQUESTED', phoneNumberId = '1') =>
  ({ receivedAt: now - hoursAgo * hour, event, payload: JSON.stringify({ phoneNumberId }) }) as StoredEvent
const oldestFirst = (...events: StoredEvent[]) => events.toSorted((a, b) => a.receivedAt - b.receivedAt)

describe('the registrations of a number', () => {
  it('count for 72 hours, and then no longer', () => {
    const events = oldestFirst(at(72), at(71.5), at(1))
    expect(budgetOf(events, '1', now)).toEqual({
      limit: 10,
      used: 2,
      remaining: 8,
      nextReleaseAt: now + 0.5 * hour,
    })
  })

  it('of another number do not count', () => {
    expect(budgetOf([at(1, 'REGISTRATION_REQUESTED', '2')], '1', now)).toMatchObject({
      used: 0,
      nextReleaseAt: null,
    })
  })

  it('are used up at ten, and one is free again when the tenth last leaves the window', () => {
    const twelve = oldestFirst(...Array.from({ length: 12 }, (_, n) => at(60 - n)))
    expect(budgetOf(twelve, '1', now)).toEqual({
      limit: 10,
      used: 10,
      remaining: 0,
      nextReleaseAt: now + (72 - 58) * hour,
    })
  })

  it('are locked for 72 hours when Meta says that there were too many', () => {
    const events = oldestFirst(at(5), at(4, 'REGISTRATION_LOCKED'))
    expect(budgetOf(events, '1', now)).toEqual({
      limit: 10,
      used: 10,
      remaining: 0,
      nextReleaseAt: now + 68 * hour,
    })
    expect(budgetOf([at(73, 'REGISTRATION_LOCKED')], '1', now)).toMatchObject({ remaining: 10 })
  })
})
