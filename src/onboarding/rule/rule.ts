import { rowOfKind } from '../../events/kinds.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ctx } from '../../context.ts'
import { follow } from '../../events/follow.ts'
import { arrivingKinds, isArrival } from '../../accounts/arrival.ts'
import { limitConcurrency, WakeSignal } from './concurrency.ts'
import { eventsReceivedSince } from '../../events/page.ts'
import type { OnboardInput } from '../onboard.ts'
import { noteFilter, readNote, type RuleNote } from './note.ts'
import { looksBackMs, nextTryAt, triedForMs } from './schedule.ts'
import { type AccountOfApp, type AttemptInput, attemptOnboarding } from './attempt.ts'
import type { StoredEvent } from '../../events/event.ts'
import { readAudit } from '../../writes/audit.ts'

/** Lets one of the instances on a store do a job at a time. */
interface Guard {
  withLease<T>(work: (lease: { isHeld(): boolean }) => Promise<T>): Promise<T | null>
}

export interface RuleOptions {
  /** Makes a context for each try. */
  readonly context: () => Ctx
  readonly guard: Guard
  readonly input: OnboardInput
  readonly signal: AbortSignal
  /** Receives the function that lists the accounts that wait. */
  readonly watch: (waiting: () => readonly WaitingAccount[]) => void
}

export interface WaitingAccount extends RuleNote {
  readonly appId: string
}

const betweenTurnsMs = 10_000
const betweenLooksMs = 1000
const accountsAtOnce = 5

/**
 * Onboards each account that arrives, until the signal ends. A step that cannot be taken yet waits, and the account is
 * tried again when an event arrives for which it may have waited, and from time to time. At the start the arrivals of the
 * last day and the accounts that waited within the last week are taken up again, so nothing is lost between two processes.
 * A step that was taken since the arrival is not taken again, and an account of which a person has undone something is left
 * to that person; the log shows both.
 */
export async function runAutoOnboarding(options: RuleOptions): Promise<void> {
  const rule = new Rule(options)
  options.watch(() => rule.waiting())
  await Promise.all([rule.listen(), rule.lead()])
  await rule.ended()
}

/** An account that the rule is onboarding. */
interface TrackedAccount {
  readonly bell: WakeSignal
  /** Why it waits; null during the first try. */
  note: RuleNote | null
  over: Promise<void>
}

class Rule {
  readonly #options: RuleOptions
  readonly #accounts = new Map<string, TrackedAccount & AccountOfApp>()
  /** An account that waits for its next try does not occupy a place. */
  readonly #inTurn = limitConcurrency(accountsAtOnce)
  #lease: { isHeld(): boolean } | null = null
  /** True once this instance follows the log. */
  #hears = false

  constructor(options: RuleOptions) {
    this.#options = options
  }

  waiting(): readonly WaitingAccount[] {
    return [...this.#accounts.values()].flatMap(({ note, appId }) => (note ? { ...note, appId } : []))
  }

  async ended(): Promise<void> {
    await Promise.all([...this.#accounts.values()].map(({ over }) => over))
  }

  /**
   * Every instance follows the log. The one with the lease acts, and so does one that has the token of a signup in its
   * memory.
   */
  async listen(): Promise<void> {
    const { context, signal } = this.#options
    while (!signal.aborted) {
      await this.#hear().catch((error: unknown) => context().logger.error({ err: error }, broken))
      this.#hears = false
      await this.#pause(betweenTurnsMs)
    }
  }

  async #hear(): Promise<void> {
    const { context, signal } = this.#options
    const { log, apps } = context()
    const appIds = apps.map(({ appId }) => appId)
    const head = await log.head()
    this.#hears = true
    if (this.#acts()) await this.#lookBack()
    for await (const event of follow(log, head, { appIds }, signal)) {
      const { appId, wabaId } = event
      if (wabaId === null) continue
      if (startsOnboarding(event)) this.#begin({ appId, wabaId }, context().clock())
      else if (mayUnblock(event))
        for (const id of appIds) this.#accounts.get(accountKey({ appId: id, wabaId }))?.bell.wake()
    }
  }

  async lead(): Promise<void> {
    const { context, guard, signal } = this.#options
    while (!signal.aborted) {
      await guard
        .withLease(async (lease) => {
          this.#lease = lease
          // Otherwise it is done once this instance follows the log.
          if (this.#hears) await this.#lookBack()
          while (!signal.aborted && lease.isHeld()) await this.#pause(betweenLooksMs)
        })
        .catch((error: unknown) => context().logger.error({ err: error }, broken))
      this.#lease = null
      await this.#pause(betweenTurnsMs)
    }
  }

  /** Takes up what had arrived, and what waited, before this instance got the lease. */
  async #lookBack(): Promise<void> {
    const { log, clock, apps } = this.#options.context()
    const appIds = apps.map(({ appId }) => appId)
    const notes = await eventsReceivedSince(log, { appIds, ...noteFilter }, clock() - triedForMs)
    const newest = new Map(
      notes.flatMap((event) => readNote(event) ?? []).map((note) => [accountKey(note), note]),
    )
    const told = await eventsReceivedSince(log, { appIds, kinds: arrivingKinds }, clock() - looksBackMs)
    const begun = new Map(
      told
        .filter(isArrival)
        .flatMap(({ appId, wabaId }) =>
          wabaId === null ? [] : [[accountKey({ appId, wabaId }), { appId, wabaId, since: clock() }]],
        ),
    )
    for (const [key, note] of newest) if (note.state === 'WAITING') begun.set(key, note)
    for (const { since, ...account } of begun.values()) this.#begin(account, since)
  }

  /** An account that is being onboarded already is tried again at once. */
  #begin({ appId, wabaId }: AccountOfApp, since: number): void {
    const key = accountKey({ appId, wabaId })
    const known = this.#accounts.get(key)
    if (known) return known.bell.wake()
    const attended = { appId, wabaId, bell: new WakeSignal(), note: null, over: Promise.resolve() }
    this.#accounts.set(key, attended)
    attended.over = this.#attend(attended, since).finally(() => this.#accounts.delete(key))
  }

  async #attend(attended: TrackedAccount & AccountOfApp, since: number): Promise<void> {
    const { signal, context } = this.#options
    for (let rung = false; !signal.aborted;) {
      const turn = { since: attended.note?.since ?? since, rung }
      const next = await this.#inTurn(() => this.#try(attended, turn))
      if (next === null) return
      rung = await attended.bell.waitUntil(next, context().clock, signal)
    }
  }

  /** When to try again; null when nothing more is to be done here. */
  async #try(
    attended: TrackedAccount & AccountOfApp,
    turn: Pick<AttemptInput, 'since' | 'rung'>,
  ): Promise<number | null> {
    const { input, context, signal } = this.#options
    const ctx = context()
    if (signal.aborted) return null
    try {
      attended.note = await attemptOnboarding(ctx, attended, { input, ...turn, acts: () => this.#acts() })
      return attended.note && nextTryAt(attended.note, ctx.clock())
    } catch (error) {
      ctx.logger.error({ err: error, wabaId: attended.wabaId }, broken)
      return nextTryAt({ since: turn.since, mayPass: true, notBefore: null }, ctx.clock())
    }
  }

  #acts(): boolean {
    return this.#lease?.isHeld() ?? false
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#options.signal, ref: false }).catch(() => {})
  }
}

const broken = 'automatic onboarding failed'
const accountKey = ({ appId, wabaId }: AccountOfApp): string => `${appId}/${wabaId}`

/** Whether an event starts the onboarding of an account: it has arrived, or its customer's token has. */
export const startsOnboarding = (event: StoredEvent): boolean =>
  isArrival(event) || (event.field === 'exchange_code' && event.kind === 'CLIENT_WABA_UPDATED')

/** Alerts, and events without a kind of their own, unblock no step; a review of the account may. */
const changesNothing = ({ kind, field }: StoredEvent): boolean =>
  !rowOfKind(kind).movesSteps && !(kind === 'ACCOUNT_ALERT' && field === 'account_review_update')

/** Whether an account may have waited for this event: Meta sent it, or somebody other than the rule did something. */
export function mayUnblock(event: StoredEvent): boolean {
  if (event.source !== 'GATEWAY') return !changesNothing(event)
  const note = readNote(event)
  if (note) return note.state !== 'WAITING'
  const audit = readAudit(event.payload)
  return audit !== null && audit.actor !== 'RULE'
}
