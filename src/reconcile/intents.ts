import { z } from 'zod'
import type { AppConfig } from '../config.ts'
import type { NewEvent, StoredEvent } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'
import { readMigrationIntent, type IntentNode } from '../graph/endpoints/migration-intents.ts'
import { GraphError } from '../graph/error.ts'
import type { Viewer } from '../graph/viewer.ts'
import { readAudit } from '../writes/audit.ts'
import type { Read } from './reads.ts'

/** A migration of an account that was asked for here and has not ended, as far as is known. */
interface Open {
  readonly wabaId: string
  readonly solutionId: string | null
  readonly ownerBusinessId: string | null
  readonly status: string
  /** Unix milliseconds. */
  readonly askedAt: number
}

const field = 'migration_intent'
const pageSize = 500
const readsPerLook = 20
// Guide "Adding a WABA to a Multi-Partner Solution": an account that is added to a solution is accepted by itself after 90 days.
const followedMs = 100 * 24 * 60 * 60_000

// Meta's reference "Migration Intent Details API".
const ended: ReadonlySet<string> = new Set(['COMPLETED', 'REJECTED'])

const toldShape = z.looseObject({ migrationIntentId: z.string(), status: z.string() })

/**
 * What becomes of the migrations that were asked for through this gateway. Meta documents no webhook for it: so they are
 * read from time to time. Those that were asked for too long ago, or before the log's retention began, are no longer
 * followed.
 */
export class IntentWatch {
  readonly #app: AppConfig
  readonly #log: EventLog
  readonly #open = new Map<string, Open>()
  #upTo = 0
  /** Where the next look begins, so that many take their turns. */
  #turn = 0

  constructor(app: AppConfig, log: EventLog) {
    this.#app = app
    this.#log = log
  }

  /** An event for each whose status is another than the log last told. */
  async look(read: Read, now: number): Promise<readonly NewEvent[]> {
    await this.#catchUp()
    for (const [id, { askedAt }] of this.#open) if (now - askedAt > followedMs) this.#open.delete(id)
    const events: NewEvent[] = []
    for (const [id, open] of this.#next()) {
      const intent = await this.#read(read, id, open)
      const status = intent?.status ?? null
      if (intent === null || status === null || status === open.status) continue
      events.push(this.#eventOf(id, open, status, now))
      const destination = intent.destination_waba?.id
      if (destination && destination !== open.wabaId) events.push(this.#arrivalOf(id, open, destination, now))
    }
    return events
  }

  #next(): readonly (readonly [string, Open])[] {
    const all = [...this.#open]
    const start = this.#turn % Math.max(1, all.length)
    this.#turn = start + readsPerLook
    return [...all.slice(start), ...all.slice(0, start)].slice(0, readsPerLook)
  }

  async #catchUp(): Promise<void> {
    const filter = {
      appIds: [this.#app.appId],
      kinds: ['CLIENT_WABA_UPDATED'],
      sources: ['GATEWAY', 'RECONCILED'],
    } as const
    for (;;) {
      const { events, upTo } = await this.#log.readAfter(this.#upTo, filter, pageSize)
      for (const event of events) this.#learn(event)
      this.#upTo = upTo
      if (events.length < pageSize) return
    }
  }

  #learn(event: StoredEvent): void {
    const told = toldShape.safeParse(toldIn(event)).data
    if (!told || event.wabaId === null) return
    const { wabaId, solutionId, ownerBusinessId } = event
    const { migrationIntentId: id, status } = told
    if (ended.has(status)) return void this.#open.delete(id)
    const askedAt = this.#open.get(id)?.askedAt ?? event.occurredAt
    this.#open.set(id, { wabaId, solutionId, ownerBusinessId, status, askedAt })
  }

  /** Null when it cannot be read now. */
  async #read(read: Read, id: string, open: Open): Promise<IntentNode | null> {
    const as = await this.#viewerOf(open)
    // On an account of partner-initiated creation the customer's token opens nothing: the guide of that name.
    for (const viewer of as.customer ? [as, { app: as.app }] : [as])
      try {
        return await read(readMigrationIntent(id, viewer.customer ? 'business' : 'system'), viewer)
      } catch (error) {
        if (!(error instanceof GraphError)) throw error
        if (error.transient) return null
      }
    return null
  }

  // The guides read an intent to leave with the system token, one to move with the customer's.
  async #viewerOf({ wabaId, solutionId }: Open): Promise<Viewer> {
    const app = this.#app
    if (solutionId === null) return { app }
    const known = await this.#log.onboarding({ wabaId }, [app.appId])
    if (!known) return { app }
    return { app, customer: { businessId: known.ownerBusinessId, solutionId: known.solutionId } }
  }

  /** The account that the numbers move to is the same customer's; no webhook is documented that says so. */
  #arrivalOf(id: string, open: Open, wabaId: string, now: number): NewEvent {
    return {
      ...this.#eventOf(id, open, 'DESTINATION', now),
      kind: 'CLIENT_WABA_ONBOARDED',
      event: 'CLIENT_WABA_ONBOARDED',
      wabaId,
      payload: JSON.stringify({ migrationIntentId: id, sourceWabaId: open.wabaId }),
    }
  }

  #eventOf(id: string, open: Open, status: string, now: number): NewEvent {
    const { wabaId, solutionId, ownerBusinessId, status: before } = open
    return {
      appId: this.#app.appId,
      kind: 'CLIENT_WABA_UPDATED',
      source: 'RECONCILED',
      dedupeKey: `reconciled:${this.#app.appId}:intent:${id}:${status}`,
      occurredAt: now,
      receivedAt: now,
      field,
      event: `MIGRATION_INTENT_${status}`,
      solutionId,
      wabaId,
      ownerBusinessId,
      reportedStatus: null,
      payload: JSON.stringify({ migrationIntentId: id, status, before }),
    }
  }
}

/** The verb's audit says what was read back, this file's own events what was found. */
function toldIn({ source, field: name, payload }: StoredEvent): unknown {
  if (source === 'GATEWAY' && name === 'set_migration_intent') return readAudit(payload)?.after
  return source === 'RECONCILED' && name === field ? JSON.parse(payload) : null
}
