import { describe, expect, it } from 'vitest'
import type { StoredEvent } from '../../src/events/event.ts'
import { eventKinds, type EventKind } from '../../src/events/kinds.ts'
import { fold, nothingKnown } from '../../src/reconcile/knowledge.ts'

const eventOf = (kind: EventKind): StoredEvent => ({
  seq: 1,
  appId: '1',
  kind,
  source: 'WEBHOOK',
  dedupeKey: 'key',
  occurredAt: 5_000,
  receivedAt: 5_000,
  field: 'account_update',
  event: null,
  solutionId: '5',
  wabaId: '6',
  ownerBusinessId: '7',
  reportedStatus: 'ACTIVE',
  payload: '{}',
})

describe('the comparison with Graph', () => {
  const learntFrom = (kind: EventKind) => {
    const { solutions, accounts } = fold(nothingKnown('1'), [eventOf(kind)], 1)
    return { solution: solutions.get('5')?.state, account: accounts.get('6')?.state }
  }
  const learning: Readonly<Partial<Record<EventKind, object>>> = {
    SOLUTION_CREATED: { solution: 'ACTIVE' },
    SOLUTION_UPDATED: { solution: 'ACTIVE' },
    CLIENT_WABA_ONBOARDED: { account: 'SHARED' },
    CLIENT_WABA_APP_INSTALLED: { account: 'INSTALLED' },
    CLIENT_WABA_REMOVED: { account: 'GONE' },
  }

  it.each(eventKinds)('learns of accounts and solutions from %s what it says of them', (kind) => {
    expect(learntFrom(kind)).toEqual({ solution: undefined, account: undefined, ...learning[kind] })
  })
})
