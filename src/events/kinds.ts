export type EventTypeName =
  | 'SolutionEvent'
  | 'ClientWabaEvent'
  | 'AccountAlertEvent'
  | 'SignupSessionEvent'
  | 'CreditEvent'
  | 'OtherEvent'

/** All that the gateway makes of events of one kind. */
interface KindRow {
  /** The GraphQL type. */
  readonly type: EventTypeName
  readonly description: string
  /** Whether it tells that an account has come or gone; of MAYBE_ARRIVAL `accounts/arrival.ts` says when it does. */
  readonly turn?: 'ARRIVAL' | 'MAYBE_ARRIVAL' | 'DEPARTURE'
  /**
   * What memory forgets of Graph's answers. NAMED: the objects that the event names, with the numbers of an account. ALERT:
   * what its webhook field is about. NOTHING: it says nothing of Graph.
   */
  readonly evicts: 'NAMED' | 'ALERT' | 'NOTHING'
  /** What memory forgets besides: lists that an object may now be in or no longer, and records that no event names. */
  readonly alsoEvicts?: 'SOLUTION_LISTS' | 'ACCOUNT_LISTS' | 'CREDIT_ALLOCATIONS'
  /**
   * What the comparison with Graph learns from it: a solution's status, whether an account is shared, installed or gone, or
   * whether webhooks of the app or of an account come. Nothing when left out.
   */
  readonly teaches?:
    | 'SOLUTION_STATUS'
    | 'SHARED'
    | 'INSTALLED'
    | 'GONE'
    | 'APP_SUBSCRIPTION'
    | 'ACCOUNT_SUBSCRIPTION'
  /** Whether it can take a step of an account's onboarding, or bring one about. */
  readonly movesSteps: boolean
  /** Whether it may tell of something that keeps an account from sending. */
  readonly mayBlock?: true
}

const ofSolution = {
  type: 'SolutionEvent',
  evicts: 'NAMED',
  alsoEvicts: 'SOLUTION_LISTS',
  teaches: 'SOLUTION_STATUS',
  movesSteps: true,
} as const
const ofAccount = { type: 'ClientWabaEvent', evicts: 'NAMED', movesSteps: true } as const
const ofCredit = {
  type: 'CreditEvent',
  evicts: 'NAMED',
  alsoEvicts: 'CREDIT_ALLOCATIONS',
  movesSteps: true,
} as const

/** Every kind of event. Closed here: a webhook without a kind of its own is `OTHER`. */
export const eventKindTable = {
  SOLUTION_CREATED: {
    ...ofSolution,
    description: 'A solution was saved as a draft, or its request was sent.',
  },
  SOLUTION_UPDATED: { ...ofSolution, description: 'Something about a solution changed.' },
  // Also what stands for PARTNER_ADDED when no webhook did: an account that the comparison with Graph has found, or the
  // destination of a migration.
  CLIENT_WABA_ONBOARDED: {
    ...ofAccount,
    description: 'A customer shared an account (PARTNER_ADDED).',
    turn: 'ARRIVAL',
    alsoEvicts: 'ACCOUNT_LISTS',
    teaches: 'SHARED',
  },
  CLIENT_WABA_APP_INSTALLED: {
    ...ofAccount,
    description: 'A customer granted the app its permissions (PARTNER_APP_INSTALLED).',
    turn: 'ARRIVAL',
    alsoEvicts: 'ACCOUNT_LISTS',
    teaches: 'INSTALLED',
  },
  // The app's permissions can end while the account stays shared, so the comparison learns nothing from it.
  CLIENT_WABA_APP_UNINSTALLED: {
    ...ofAccount,
    description: "The app's permissions ended (PARTNER_APP_UNINSTALLED).",
    turn: 'DEPARTURE',
    alsoEvicts: 'ACCOUNT_LISTS',
  },
  CLIENT_WABA_REMOVED: {
    ...ofAccount,
    description:
      'An account is no longer shared, or was deleted (PARTNER_REMOVED, ACCOUNT_DELETED). Of its numbers it says nothing: ' +
      'other accounts of the customer may list them, and keep them.',
    turn: 'DEPARTURE',
    alsoEvicts: 'ACCOUNT_LISTS',
    teaches: 'GONE',
  },
  CLIENT_WABA_UPDATED: {
    ...ofAccount,
    description: 'Anything else about an account: restriction, violation, reconnection …',
    teaches: 'ACCOUNT_SUBSCRIPTION',
    mayBlock: true,
  },
  PHONE_NUMBER_DISCONNECTED: {
    ...ofAccount,
    description:
      'One number of an account left, or pauses: it is used in the WhatsApp Business app as well (PARTNER_REMOVED or ' +
      'ACCOUNT_OFFBOARDED with a number and no account). The account may stay as it is.',
    mayBlock: true,
  },
  PHONE_NUMBER_RECONNECTED: {
    ...ofAccount,
    description: 'Such a number is back (ACCOUNT_RECONNECTED with a number).',
    mayBlock: true,
  },
  BUSINESS_VERIFICATION_UPDATED: {
    ...ofAccount,
    description: "News of a customer's partner-led verification.",
    turn: 'MAYBE_ARRIVAL',
    mayBlock: true,
  },
  ACCOUNT_ALERT: {
    type: 'AccountAlertEvent',
    description:
      "Something about an account, a number, a template or a portfolio wants attention or has changed, in one of Meta's " +
      'webhook fields beside `account_update`.',
    evicts: 'ALERT',
    movesSteps: false,
    mayBlock: true,
  },
  SIGNUP_SESSION: {
    type: 'SignupSessionEvent',
    description:
      'A dialog of Embedded Signup ended, as the page that opened it says (`reportSignupSession`). A hint, and no arrival.',
    evicts: 'NOTHING',
    movesSteps: true,
  },
  CREDIT_SHARED: {
    ...ofCredit,
    description: 'A credit line of ours was shared with an account, through this gateway.',
  },
  CREDIT_REVOKED: {
    ...ofCredit,
    description: 'A credit line of ours was taken from all accounts of a business, through this gateway.',
  },
  OTHER: {
    type: 'OtherEvent',
    description: 'An event this gateway has no type for.',
    evicts: 'NAMED',
    teaches: 'APP_SUBSCRIPTION',
    movesSteps: false,
  },
} as const satisfies Record<string, KindRow>

export type EventKind = keyof typeof eventKindTable
export const eventKinds = Object.keys(eventKindTable) as EventKind[]

/** A kind that this release does not know, of an event that a newer one has stored, is told as OTHER. */
export const toKind = (stored: string): EventKind =>
  Object.hasOwn(eventKindTable, stored) ? (stored as EventKind) : 'OTHER'

export const rowOfKind = (kind: EventKind): KindRow => eventKindTable[kind]

/** The kinds whose row is so. */
export const kindsThat = (is: (row: KindRow) => boolean): readonly EventKind[] =>
  eventKinds.filter((kind) => is(eventKindTable[kind]))

/** Each tells that a customer has come. What else may come in their place, `accounts/arrival.ts` says. */
export const arrivalKinds = kindsThat(({ turn }) => turn === 'ARRIVAL')

/** The GraphQL type of an event. A solution event without a solution id has nothing to show as one. */
export function eventTypeName({ kind, solutionId }: EventSubject): EventTypeName {
  const { type } = eventKindTable[kind]
  return type === 'SolutionEvent' && solutionId === null ? 'OtherEvent' : type
}

interface EventSubject {
  readonly kind: EventKind
  readonly solutionId: string | null
}
