import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/events/event.ts'
import { eventKinds, type EventKind } from '../../src/events/kinds.ts'
import { mayUnblock } from '../../src/onboarding/rule/rule.ts'

const comes = (kind: EventKind, field = 'account_update'): boolean =>
  mayUnblock({ kind, field, source: 'WEBHOOK', payload: '{}' } as StoredEvent)

describe('an account for which a step waits', () => {
  const idle: readonly EventKind[] = ['ACCOUNT_ALERT', 'OTHER']

  it.each(eventKinds.filter((kind) => !idle.includes(kind)))('is seen to again after %s', (kind) =>
    expect(comes(kind)).toBe(true),
  )

  it('is left waiting by alerts and by what has no kind, but for a review of the account', () => {
    expect(idle.map((kind) => comes(kind))).toEqual([false, false])
    expect(comes('ACCOUNT_ALERT', 'account_review_update')).toBe(true)
  })
})
