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
  /** All that was left when the look broke off. */
  | 'look'

export interface SubscriptionFinding {
  readonly type: 'APP_NOT_SUBSCRIBED'
  readonly appId: string
  readonly reason: 'NO_SUBSCRIPTION' | 'INACTIVE' | 'FIELDS_MISSING'
  readonly missingFields: readonly string[]
}

/** What people have to see to. */
export type ReconcileFinding =
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

export interface ReconcileResult {
  /** False when nobody looked: another instance does it now, or the gateway is stopping. */
  readonly looked: boolean
  /** What was found to differ from the log; what another instance had found already is among them. */
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
    ? 'could not be asked of Graph: what no webhook told of is not found there'
    : 'found while comparing with Graph'

/** Warns of what people have to see to: once, and not again at each look that finds the same. */
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

  /** Accounts are asked about now and then only, so the log knows which are news. */
  #isNew(finding: ReconcileFinding, lost: ReadonlySet<string | null>): boolean {
    if (finding.type === 'ACCOUNTS_NOT_SUBSCRIBED') return finding.wabaIds.some((id) => lost.has(id))
    return !this.#told.has(JSON.stringify(finding))
  }
}
