import type { EventKind, StoredEvent } from '../events/event.ts'

export type EventTypeName = 'SolutionEvent' | 'ClientWabaEvent' | 'CreditEvent' | 'OtherEvent'

const typeNames: Record<EventKind, EventTypeName> = {
  SOLUTION_CREATED: 'SolutionEvent',
  SOLUTION_UPDATED: 'SolutionEvent',
  CLIENT_WABA_ONBOARDED: 'ClientWabaEvent',
  CLIENT_WABA_APP_INSTALLED: 'ClientWabaEvent',
  CLIENT_WABA_APP_UNINSTALLED: 'ClientWabaEvent',
  CLIENT_WABA_REMOVED: 'ClientWabaEvent',
  CLIENT_WABA_UPDATED: 'ClientWabaEvent',
  BUSINESS_VERIFICATION_UPDATED: 'ClientWabaEvent',
  CREDIT_SHARED: 'CreditEvent',
  CREDIT_REVOKED: 'CreditEvent',
  OTHER: 'OtherEvent',
}

/** The GraphQL type of an event. A solution event without a solution id has nothing to show as one. */
export function eventTypeName({ kind, solutionId }: StoredEvent): EventTypeName {
  const name = typeNames[kind]
  return name === 'SolutionEvent' && solutionId === null ? 'OtherEvent' : name
}
