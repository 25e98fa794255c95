import type { NewEvent } from '../events/event.ts'
import type { GraphErrorKind } from '../graph/error.ts'
import type { Logger } from 'pino'

export type Part =
  | 'subscriptions'
  | 'solutions'
  | 'accounts'
  | 'partner accounts'
  | 'origins'
  | 'departures'
  | 'subscribed apps'
  | 'migrations'
  /** What was not compared because the run failed. */
  | 'look'

export interface SubscriptionFinding {
  readonly type: 'APP_NOT_SUBSCRIBED'
  readonly appId: string
  readonly reason: 'NO_SUBSCRIPTION' | 'INACTIVE' | 'FIELDS_MISSING'
  readonly missingFields: readonly string[]
}

/** Something that a person has to see to. */
export type ReconcileFinding =
  | SubscriptionFinding
  /** A recommendation: nothing fails without it. */
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
  /** The run failed, for instance because the store could not be used. */
  | { readonly type: 'FAILED'; readonly appId: string }

export interface ReconcileResult {
  /** False when nothing was compared: another instance does it now, or the gateway is stopping. */
  readonly looked: boolean
  /** The differences from the log, including those that another instance has recorded already. */
  readonly events: readonly NewEvent[]
  readonly findings: readonly ReconcileFinding[]
}

export const noResult: ReconcileResult = { looked: false, events: [], findings: [] }

export function combineResults(all: readonly ReconcileResult[]): ReconcileResult {
  return {
    looked: all.some(({ looked }) => looked),
    events: all.flatMap(({ events }) => events),
    findings: all.flatMap(({ findings }) => findings),
  }
}

const levelOf = ({ type }: ReconcileFinding) => (type === 'ALERTS_NOT_SUBSCRIBED' ? 'info' : 'warn')

const messageOf = ({ type }: ReconcileFinding): string =>
  type === 'UNREADABLE'
    ? 'could not be read at Graph: changes that no webhook announced are not found there'
    : 'found in the comparison with Graph'

/** Logs each finding once, and not again in each run that finds the same. */
export class FindingReporter {
  readonly #logger: Logger
  #told: ReadonlySet<string> = new Set()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  report(findings: readonly ReconcileFinding[], events: readonly NewEvent[]): void {
    const lost = new Set(events.map(({ wabaId }) => wabaId))
    for (const finding of findings)
      if (this.#isNew(finding, lost)) this.#logger[levelOf(finding)](finding, messageOf(finding))
    this.#told = new Set(findings.map((finding) => JSON.stringify(finding)))
  }

  /** Accounts are checked from time to time only, so the new events say which of them are news. */
  #isNew(finding: ReconcileFinding, lost: ReadonlySet<string | null>): boolean {
    if (finding.type === 'ACCOUNTS_NOT_SUBSCRIBED') return finding.wabaIds.some((id) => lost.has(id))
    return !this.#told.has(JSON.stringify(finding))
  }
}
