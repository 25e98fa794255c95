import type { AppConfig } from '../config/config.ts'
import type { NewEvent } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'
import { readMigrationIntent, type IntentNode } from '../graph/endpoints/migration-intents.ts'
import { type GraphError, outcomeOf } from '../graph/error.ts'
import type { Viewer } from '../graph/viewer.ts'
import { snapshotEvent, readSnapshot } from '../migration/intent-snapshot.ts'
import {
  hasEnded,
  applyIntentEvent,
  eventsOfChange,
  intentFilter,
  type RecordedIntent,
} from '../migration/intent-events.ts'
import type { Reads } from '../reads/reads.ts'
import type { PacedReads } from './paced-reads.ts'

const minute = 60_000
const hourMs = 60 * minute
const dayMs = 24 * hourMs
const intentPageSize = 500
const readsPerLook = 20
// Guide "Adding a WABA to a Multi-Partner Solution": an account that is added to a solution is accepted by itself after 90 days.
const followedMs = 100 * dayMs

interface IntentChanges {
  readonly events: readonly NewEvent[]
  readonly errors: readonly GraphError[]
}

/** The pause between two reads of an intent: a twentieth of its age, an hour at most. */
export function restMs(ageMs: number, leastMs: number): number {
  return Math.min(hourMs, Math.max(leastMs, ageMs / 20))
}

const isOpen = (intent: RecordedIntent, now: number): boolean =>
  !hasEnded(intent) && now - intent.askedAt <= followedMs

/**
 * Follows the migrations that an app has asked for through this gateway. Meta documents no webhook for them, so they are
 * read from time to time, the younger ones more often, until they have ended or can no longer be answered.
 */
export class IntentWatch {
  readonly #app: AppConfig
  readonly #log: EventLog
  readonly #leastMs: number
  readonly #known = new Map<string, RecordedIntent>()
  readonly #readAt = new Map<string, number>()
  #upTo: number | null = null
  #keptAt = -Infinity

  constructor(app: AppConfig, log: EventLog, leastMs: number) {
    this.#app = app
    this.#log = log
    this.#leastMs = leastMs
  }

  /** Whether any intent is open, as of the last read of the log. */
  isFollowing(now: number): boolean {
    return [...this.#known.values()].some((intent) => isOpen(intent, now))
  }

  /** The intents that are due to be read, after the log has been read; those read longest ago first. */
  async due(now: number): Promise<readonly RecordedIntent[]> {
    await this.#catchUp()
    const due = [...this.#known.values()].filter((intent) => this.#isDue(intent, now))
    const lastRead = ({ id }: RecordedIntent): number => this.#readAt.get(id) ?? 0
    return due.toSorted((a, b) => lastRead(a) - lastRead(b)).slice(0, readsPerLook)
  }

  /**
   * Reads the intents that are due. Returns an event for each whose status has changed, and once a day a snapshot of all.
   * `errors` says why some could not be read.
   */
  async look(due: readonly RecordedIntent[], paced: PacedReads, now: number): Promise<IntentChanges> {
    const events: NewEvent[] = []
    const errors: GraphError[] = []
    // The viewer of each is found before the first is read, so that all reads leave in one batch.
    const asked = new Map<string, IntentViewer>()
    for (const intent of due) asked.set(intent.id, { intent, as: await this.#viewerOf(intent) })
    for (const [id, outcome] of await paced.together([...asked.keys()], (reads, id) =>
      readAs(reads, id, asked),
    )) {
      const { intent } = asked.get(id) as IntentViewer
      this.#readAt.set(id, now)
      if ('value' in outcome) events.push(...eventsOfChange(intent, outcome.value, now))
      else errors.push(outcome.error)
    }
    if (due.length === 0 || now - this.#keptAt < dayMs) return { events, errors }
    this.#keptAt = now
    const recent = [...this.#known.values()].filter(({ askedAt }) => now - askedAt <= followedMs)
    return { events: [...events, snapshotEvent(this.#app.appId, recent, this.#upTo ?? 0, now)], errors }
  }

  #isDue(intent: RecordedIntent, now: number): boolean {
    const rest = restMs(now - intent.askedAt, this.#leastMs)
    return isOpen(intent, now) && now - (this.#readAt.get(intent.id) ?? -Infinity) >= rest
  }

  async #catchUp(): Promise<void> {
    const { appId } = this.#app
    const filter = intentFilter([appId])
    let upTo = this.#upTo ?? (await this.#begin())
    for (;;) {
      const page = await this.#log.readAfter(upTo, filter, intentPageSize)
      for (const event of page.events) applyIntentEvent(this.#known, event)
      this.#upTo = upTo = page.upTo
      if (page.events.length < intentPageSize) return
    }
  }

  async #begin(): Promise<number> {
    const { upTo, intents, at } = await readSnapshot(this.#log, this.#app.appId)
    for (const intent of intents) this.#known.set(intent.id, intent)
    this.#keptAt = at ?? -Infinity
    return upTo
  }

  // The guides read an intent to leave with the system token, one to move with the customer's.
  async #viewerOf({ wabaId, solutionId }: RecordedIntent): Promise<Viewer> {
    const app = this.#app
    if (solutionId === null) return { app }
    const known = await this.#log.onboarding({ wabaId }, [app.appId])
    if (!known) return { app }
    return { app, customer: { businessId: known.ownerBusinessId, solutionId: known.solutionId } }
  }
}

interface IntentViewer {
  readonly intent: RecordedIntent
  readonly as: Viewer
}

/**
 * On an account of partner-initiated creation the customer's token opens nothing, says the guide of that name; then the
 * system token is tried.
 */
async function readAs(
  reads: Reads,
  id: string,
  asked: ReadonlyMap<string, IntentViewer>,
): Promise<IntentNode> {
  const { as } = asked.get(id) as IntentViewer
  const one = (viewer: Viewer) =>
    outcomeOf(reads.call(readMigrationIntent(id, viewer.customer ? 'business' : 'system'), viewer))
  const outcome = await one(as)
  if ('value' in outcome) return outcome.value
  const other = outcome.error.transient || !as.customer ? outcome : await one({ app: as.app })
  if ('value' in other) return other.value
  throw outcome.error
}
