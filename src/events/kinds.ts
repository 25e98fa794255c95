import type { EventKind, StoredEvent } from './event.ts'

export type EventTypeName =
  | 'SolutionEvent'
  | 'ClientWabaEvent'
  | 'AccountAlertEvent'
  | 'SignupSessionEvent'
  | 'CreditEvent'
  | 'OtherEvent'

interface KindRow {
  readonly type: EventTypeName
  readonly description: string
}

/** Every kind of event: its GraphQL type, and what the schema says of it. */
export const eventKindTable = {
  SOLUTION_CREATED: {
    type: 'SolutionEvent',
    description: 'A solution was saved as a draft, or its request was sent.',
  },
  SOLUTION_UPDATED: { type: 'SolutionEvent', description: 'Something about a solution changed.' },
  CLIENT_WABA_ONBOARDED: {
    type: 'ClientWabaEvent',
    description: 'A customer shared an account (PARTNER_ADDED).',
  },
  CLIENT_WABA_APP_INSTALLED: {
    type: 'ClientWabaEvent',
    description: 'A customer granted the app its permissions (PARTNER_APP_INSTALLED).',
  },
  CLIENT_WABA_APP_UNINSTALLED: {
    type: 'ClientWabaEvent',
    description: "The app's permissions ended (PARTNER_APP_UNINSTALLED).",
  },
  CLIENT_WABA_REMOVED: {
    type: 'ClientWabaEvent',
    description:
      'An account is no longer shared, or was deleted (PARTNER_REMOVED, ACCOUNT_DELETED). Of its numbers it says nothing: ' +
      'other accounts of the customer may list them, and keep them.',
  },
  CLIENT_WABA_UPDATED: {
    type: 'ClientWabaEvent',
    description: 'Anything else about an account: restriction, violation, reconnection …',
  },
  PHONE_NUMBER_DISCONNECTED: {
    type: 'ClientWabaEvent',
    description:
      'One number of an account left, or pauses: it is used in the WhatsApp Business app as well (PARTNER_REMOVED or ' +
      'ACCOUNT_OFFBOARDED with a number and no account). The account may stay as it is.',
  },
  PHONE_NUMBER_RECONNECTED: {
    type: 'ClientWabaEvent',
    description: 'Such a number is back (ACCOUNT_RECONNECTED with a number).',
  },
  BUSINESS_VERIFICATION_UPDATED: {
    type: 'ClientWabaEvent',
    description: "News of a customer's partner-led verification.",
  },
  ACCOUNT_ALERT: {
    type: 'AccountAlertEvent',
    description:
      "Something about an account, a number, a template or a portfolio wants attention or has changed, in one of Meta's " +
      'webhook fields beside `account_update`.',
  },
  SIGNUP_SESSION: {
    type: 'SignupSessionEvent',
    description:
      'A dialog of Embedded Signup ended, as the page that opened it says (`reportSignupSession`). A hint, and no arrival.',
  },
  CREDIT_SHARED: {
    type: 'CreditEvent',
    description: 'A credit line of ours was shared with an account, through this gateway.',
  },
  CREDIT_REVOKED: {
    type: 'CreditEvent',
    description: 'A credit line of ours was taken from all accounts of a business, through this gateway.',
  },
  OTHER: { type: 'OtherEvent', description: 'An event this gateway has no type for.' },
} as const satisfies Record<EventKind, KindRow>

/** The GraphQL type of an event. A solution event without a solution id has nothing to show as one. */
export function eventTypeName({ kind, solutionId }: StoredEvent): EventTypeName {
  const { type } = eventKindTable[kind]
  return type === 'SolutionEvent' && solutionId === null ? 'OtherEvent' : type
}
