import type { NewEvent } from '../events/event.ts'
import type { GraphErrorKind } from '../graph/error.ts'

export type Part =
  | 'subscriptions'
  | 'solutions'
  | 'accounts'
  | 'partner accounts'
  | 'origins'
  | 'departures'
  | 'subscribed apps'
  | 'migrations'
  /** All that was left when the look broke off. */
  | 'look'

export interface SubscriptionFinding {
  readonly type: 'APP_NOT_SUBSCRIBED'
  readonly appId: string
  readonly reason: 'NO_SUBSCRIPTION' | 'INACTIVE' | 'FIELDS_MISSING'
  readonly missingFields: readonly string[]
}

/** What people have to see to. */
export type Finding =
  | SubscriptionFinding
  /** Recommended, and nothing more. */
  | { readonly type: 'ALERTS_NOT_SUBSCRIBED'; readonly appId: string; readonly fields: readonly string[] }
  | {
      readonly type: 'ACCOUNTS_NOT_SUBSCRIBED'
      readonly appId: string
      readonly wabaIds: readonly string[]
    }
  | {
      readonly type: 'UNREADABLE'
      readonly appId: string
      readonly part: Part
      readonly kind: GraphErrorKind
      readonly code: number | null
    }
  /** The look broke off, for instance because the store could not be used. */
  | { readonly type: 'FAILED'; readonly appId: string }

export interface Findings {
  /** False when nobody looked: another instance does it now, or the gateway is stopping. */
  readonly looked: boolean
  /** What was found to differ from the log; what another instance had found already is among them. */
  readonly events: readonly NewEvent[]
  readonly findings: readonly Finding[]
}

export const nothing: Findings = { looked: false, events: [], findings: [] }

export function together(all: readonly Findings[]): Findings {
  return {
    looked: all.some(({ looked }) => looked),
    events: all.flatMap(({ events }) => events),
    findings: all.flatMap(({ findings }) => findings),
  }
}
