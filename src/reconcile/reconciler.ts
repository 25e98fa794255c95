import type { Logger } from 'pino'
import type { Clock } from '../lib/clock.ts'
import type { AppConfig } from '../config/config.ts'
import type { NewEvent } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'
import { listSolutions } from '../graph/endpoints/solutions.ts'
import { listSubscriptions } from '../graph/endpoints/subscriptions.ts'
import type { GraphError } from '../graph/error.ts'
import { printFields } from '../graph/fields.ts'
import type { Graph } from '../graph/graph.ts'
import type { ReadMemory } from '../reads/memory.ts'
import { statusFields } from '../solutions/fields.ts'
import { statusOf } from '../solutions/lifecycle.ts'
import { type ListedAccount, readAccounts, readPartnerAccounts, SubscriptionCheck } from './accounts.ts'
import { baselineEvent, isBaselineDue } from './baseline.ts'
import { catchUp } from './knowledge.ts'
import {
  compare,
  type Drift,
  eventOfDrift,
  type GraphState,
  type ListedRows,
  type Origin,
  type RunStart,
} from './compare.ts'
import { confirmGone, findOrigins } from './confirm.ts'
import type { Knowledge } from './facts.ts'
import { FindingReporter, type Part, type ReconcileFinding, type ReconcileResult } from './findings.ts'
import type { HeldLease } from './lease-guard.ts'
import { pause } from '../lib/pause.ts'
import { PacedReads, readEveryPage, type ListRead, type Read } from './paced-reads.ts'
import { alertsFinding, silentFields, subscriptionEvents, subscriptionFinding } from './subscriptions.ts'

export interface ReconcilerOptions {
  readonly graph: Pick<Graph, 'call' | 'readAll'>
  readonly memory: ReadMemory
  readonly log: EventLog
  readonly clock: Clock
  readonly logger: Logger
  readonly signal: AbortSignal
  /** Stores the fields for which no webhook would be sent, for `webhookHealth`. */
  readonly noteSubscription?: (appId: string, missingFields: readonly string[], at: number) => Promise<void>
  /** Counts each part that could not be read. */
  readonly countUnread?: (appId: string, part: Part) => void
  /** Between two calls to Graph. */
  readonly pauseMs: number
  /** How long a webhook may take to arrive, and how long Graph may be behind its own webhooks. */
  readonly graceMs: number
  readonly subscribedAppsEveryMs: number
  readonly baselineMs: number
}

const solutionFields = printFields(['id', ...statusFields])

/** Compares one app with Graph, run after run, and keeps what it knows in between. */
export class AppReconciler {
  readonly #app: AppConfig
  readonly #options: ReconcilerOptions
  readonly #subscribed: SubscriptionCheck
  readonly #warner: FindingReporter
  #known: Knowledge | null = null

  constructor(app: AppConfig, options: ReconcilerOptions) {
    this.#app = app
    this.#options = options
    this.#subscribed = new SubscriptionCheck(options.subscribedAppsEveryMs)
    this.#warner = new FindingReporter(options.logger)
  }

  async run(lease: HeldLease): Promise<ReconcileResult> {
    const { log, clock, signal, graceMs } = this.#options
    const seq = await log.head()
    await pause(graceMs, signal)
    const start = { at: clock(), seq }
    const paced = new PacedReads({ ...this.#options, app: this.#app, lease })
    const { read } = paced
    const { app, findings } = await this.#checkSubscription(read, start)
    const { accounts, ...seen } = await this.#readLists(paced, start, findings)
    const events = await this.#settle(
      paced,
      lease,
      { ...seen, accounts: idsOf(accounts), held: this.#subscribed.held },
      start,
      findings,
    )
    const checked = await this.#checkAccounts(paced, findings)
    const times = { at: start.at, receivedAt: clock() }
    const turned = subscriptionEvents(await this.#catchUp(), { app, ...checked }, times)
    if (await this.#append(lease, turned)) events.push(...turned)
    this.#warner.report(findings, events)
    return { looked: true, events, findings }
  }

  /** `app` is undefined when the subscription could not be read. */
  async #checkSubscription(read: Read, { at }: RunStart) {
    const { appId } = this.#app
    const list = await readEveryPage((after) => read(listSubscriptions(appId, after)))
    if (list.error) return { app: undefined, findings: this.#unreadable('subscriptions', list.error) }
    const app = subscriptionFinding(appId, list.rows)
    await this.#options.noteSubscription?.(appId, silentFields(list.rows), at)
    const findings = [app, alertsFinding(appId, list.rows)].filter((finding) => finding !== null)
    return { app, findings }
  }

  async #readLists(paced: PacedReads, start: RunStart, findings: ReconcileFinding[]) {
    const { appId } = this.#app
    // All fields of a status or none: a part of them could be taken for another status.
    const solutions = await readEveryPage((after) =>
      paced.read(listSolutions(appId, { limit: 100, after, fields: solutionFields })),
    )
    findings.push(...this.#unreadable('solutions', solutions.error))
    const isDue = this.#subscribed.isDue(start.at)
    const accounts = await readAccounts(paced, this.#app, isDue)
    findings.push(...this.#unreadable('accounts', accounts.error))
    if (isDue && accounts.complete) this.#subscribed.begin(start.at, accounts.rows)
    return {
      solutions: {
        ...solutions,
        rows: solutions.rows.map((node) => ({ id: node.id, status: statusOf(node) })),
      },
      accounts: accounts.complete ? accounts : await this.#askByPartner(paced, accounts, findings),
    }
  }

  /** Accounts that the whole list does not show may be in the lists of single partners. */
  async #askByPartner(paced: PacedReads, accounts: ListRead<ListedAccount>, findings: ReconcileFinding[]) {
    const known = await this.#catchUp()
    const rows = [...accounts.rows]
    for (const partner of known.partners) {
      if (partner === this.#app.businessId) continue
      const some = await readPartnerAccounts(paced, this.#app, partner)
      findings.push(...this.#unreadable('partner accounts', some.error))
      rows.push(...some.rows)
      if (some.error) break
    }
    return { rows, complete: false }
  }

  /** Differences become events if they still differ from the log when everything has been read. */
  async #settle(
    paced: PacedReads,
    lease: HeldLease,
    seen: GraphState,
    start: RunStart,
    findings: ReconcileFinding[],
  ) {
    const { clock, signal, graceMs, baselineMs } = this.#options
    const suspected = compare(await this.#catchUp(), seen, start)
    const { origins, gone } = await this.#askAbout(paced, suspected, findings)
    if (suspected.length > 0) await pause(graceMs, signal)
    const known = await this.#catchUp()
    const sure = compare(known, seen, start).filter((drift) => isSure(drift, origins, gone))
    const found = { appId: this.#app.appId, at: start.at, receivedAt: clock(), origins }
    const events = sure.map((drift) => eventOfDrift(drift, found))
    const isDue = isBaselineDue(known, seen, start.at, baselineMs)
    const append = isDue ? [...events, baselineEvent(known, seen, start, clock())] : events
    return (await this.#append(lease, append)) ? events : []
  }

  async #askAbout(paced: PacedReads, drifts: readonly Drift[], findings: ReconcileFinding[]) {
    const arrived = await findOrigins(paced, this.#app, idsAbout('arrival', drifts))
    findings.push(...this.#unreadable('origins', arrived.error))
    const missing = await confirmGone(paced, this.#app, idsAbout('departure', drifts))
    findings.push(...this.#unreadable('departures', missing.error))
    const origins = new Map(arrived.origins)
    for (const id of missing.gone) origins.set(id, await this.#lastOrigin(id))
    return { origins, gone: missing.gone }
  }

  async #lastOrigin(wabaId: string): Promise<Origin> {
    const last = await this.#options.log.onboarding({ wabaId }, [this.#app.appId])
    return { ownerBusinessId: last?.ownerBusinessId ?? null, solutionId: last?.solutionId ?? null }
  }

  async #append(lease: HeldLease, events: readonly NewEvent[]): Promise<boolean> {
    if (this.#options.signal.aborted || !lease.isHeld()) return false
    if (events.length > 0) await lease.append(events)
    return true
  }

  async #checkAccounts(paced: PacedReads, findings: ReconcileFinding[]) {
    const { appId } = this.#app
    const { having, without, error } = await this.#subscribed.next(paced, this.#app)
    findings.push(...this.#unreadable('subscribed apps', error))
    if (without.length > 0) findings.push({ type: 'ACCOUNTS_NOT_SUBSCRIBED', appId, wabaIds: without })
    return { having, without }
  }

  async #catchUp(): Promise<Knowledge> {
    return (this.#known = await catchUp(this.#options.log, this.#app.appId, this.#known))
  }

  #unreadable(part: Part, error: GraphError | null): ReconcileFinding[] {
    if (!error || error.kind === 'aborted') return []
    const { kind, code = null } = error
    this.#options.countUnread?.(this.#app.appId, part)
    return [{ type: 'UNREADABLE', appId: this.#app.appId, part, kind, code }]
  }
}

/** Arrivals whose origin could not be read, and departures that Graph has not confirmed, are left for the next run. */
function isSure(
  { about, id }: Drift,
  origins: ReadonlyMap<string, Origin>,
  gone: ReadonlySet<string>,
): boolean {
  switch (about) {
    case 'solution':
      return true
    case 'arrival':
      return origins.has(id)
    case 'departure':
      return gone.has(id)
  }
}

const idsOf = ({ rows, complete }: ListedRows<ListedAccount>): ListedRows<string> => ({
  rows: rows.map(({ id }) => id),
  complete,
})

const idsAbout = (about: Drift['about'], drifts: readonly Drift[]): readonly string[] =>
  drifts.filter((drift) => drift.about === about).map(({ id }) => id)
