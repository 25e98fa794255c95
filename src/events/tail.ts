import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { Cursors } from './cursor.ts'
import type { NewEvent, StoredEvent } from './event.ts'
import { matcherOf, RecentEvents, type TailLimits } from './recent.ts'
import type { Appended, EventFilter, EventLog, KnownOnboarding, LogPage, WholeReads } from './log.ts'

export type { TailLimits } from './recent.ts'

const defaults: TailLimits = { events: 8192, characters: 16 * 1024 * 1024 }

/** How many events one read of the store brings at most. When there are more, it is read again. */
const tailPageSize = 1024

/** The pause between two reads while the store cannot be read. */
const retryMs = 500

export interface ObservableLog {
  /** Tells the observer of every event from now on, also when nobody follows the log, until the signal ends. */
  observe(news: EventObserver, signal: AbortSignal): Promise<void>
  /**
   * The observer has been told of every event that was in the store in the next turn of the event loop. One small read of
   * the store when nothing is new, which waits for no other.
   */
  caughtUp(): Promise<void>
}

/** The log with its newest events in memory: an append that wakes many followers costs one read of the store in all. */
export function withTail(
  log: EventLog & WholeReads,
  limits: Partial<TailLimits> = {},
): EventLog & ObservableLog {
  return new TailedLog(log, { ...defaults, ...limits })
}

class TailedLog implements EventLog, ObservableLog {
  readonly id: string
  readonly cursors: Cursors
  readonly #log: EventLog & WholeReads
  readonly #limits: TailLimits
  readonly #teller = new ObserverNotifier()
  #recent: RecentEvents | null = null
  /** A read of the store that has not begun: callers of the same turn share it. */
  #next: Promise<RecentEvents> | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(log: EventLog & WholeReads, limits: TailLimits) {
    this.id = log.id
    this.cursors = log.cursors
    this.#log = log
    this.#limits = limits
  }

  async readAfter(seq: number, filter: EventFilter, limit: number): Promise<LogPage> {
    const recent = await this.#look()
    // Older than the events in memory, or ahead of the log, as after a restore from a backup.
    if (!recent.covers(seq) || seq > recent.to) return this.#readStore(seq, filter, limit, recent.to)
    const events = recent.after(seq, matcherOf(filter), limit)
    return { from: seq, events, upTo: events.length < limit ? recent.to : (events.at(-1)?.seq ?? seq) }
  }

  async append(events: readonly NewEvent[]): Promise<Appended> {
    const appended = await this.#log.append(events)
    this.#teller.notify(events)
    return appended
  }

  async observe(news: EventObserver, signal: AbortSignal): Promise<void> {
    this.#teller.setObserver(news)
    while (!signal.aborted) {
      const woken = this.#log.appended(signal)
      const isSeen = await this.#look().then(
        () => true,
        () => false,
      )
      await (isSeen ? woken : sleep(retryMs, undefined, { signal, ref: false }).catch(() => {}))
    }
  }

  async caughtUp(): Promise<void> {
    await turn()
    const head = await this.#log.head()
    // It is told before its events count as known.
    if (this.#recent === null || head > this.#recent.to) await this.#look()
  }

  readBefore(seq: number, filter: EventFilter, limit: number): Promise<readonly StoredEvent[]> {
    return this.#log.readBefore(seq, filter, limit)
  }

  get(seq: number): Promise<StoredEvent | null> {
    return this.#log.get(seq)
  }

  /**
   * The observer has been told of every event up to the head. Whoever reads Graph after this, and follows the log from
   * here, misses nothing.
   */
  async head(): Promise<number> {
    return (await this.#look()).to
  }

  start(): Promise<number> {
    return this.#log.start()
  }

  deleteBefore(time: number, limit: number): Promise<number> {
    return this.#log.deleteBefore(time, limit)
  }

  onboarding(
    of: { wabaId: string } | { ownerBusinessId: string },
    appIds: readonly string[],
  ): Promise<KnownOnboarding | null> {
    return this.#log.onboarding(of, appIds)
  }

  businessesKnownBefore(
    ...of: Parameters<EventLog['businessesKnownBefore']>
  ): ReturnType<EventLog['businessesKnownBefore']> {
    return this.#log.businessesKnownBefore(...of)
  }

  appended(signal: AbortSignal): Promise<void> {
    return this.#log.appended(signal)
  }

  close(): Promise<void> {
    return this.#log.close()
  }

  /** The observer is told of newer events before they are returned. */
  async #readStore(seq: number, filter: EventFilter, limit: number, seen: number): Promise<LogPage> {
    const page = await this.#log.readAfter(seq, filter, limit)
    this.#teller.notify(page.events.filter((event) => event.seq > seen))
    return page
  }

  /**
   * The events in memory, including everything that was in the store when this was called. A read under way may have begun
   * earlier, so only a read that has not begun is shared.
   */
  #look(): Promise<RecentEvents> {
    this.#next ??= this.#afterTurn()
    return this.#next
  }

  async #afterTurn(): Promise<RecentEvents> {
    const before = this.#last
    await turn()
    await before
    const look = this.#catchUp()
    this.#next = null
    this.#last = look.catch(() => {})
    return look
  }

  async #catchUp(): Promise<RecentEvents> {
    this.#recent ??= await this.#begin()
    const recent = this.#recent
    for (;;) {
      const { from, events, upTo } = await this.#log.readAllAfter(recent.to, tailPageSize)
      // The store was restored to an earlier time, or retention has deleted events that were not read yet. Either way the
      // range in memory would be wrong.
      if (upTo < recent.to || from > recent.to) return (this.#recent = await this.#begin())
      this.#teller.notify(events)
      recent.extend(events, upTo)
      if (events.length < tailPageSize) return recent
      if (await this.#isFarFrom(recent.to)) return (this.#recent = await this.#begin())
    }
  }

  /** More events have been appended since the last read than memory would hold. */
  async #isFarFrom(position: number): Promise<boolean> {
    return (await this.#log.head()) - position > this.#limits.events
  }

  async #begin(): Promise<RecentEvents> {
    const recent = new RecentEvents(await this.#log.head(), this.#limits)
    this.#teller.missed()
    return recent
  }
}

/** Is told of every event before the followers of the log get it. */
export interface EventObserver {
  onEvents(events: readonly NewEvent[]): void
  /** There may have been events that the observer was not told of. */
  onGap(): void
}

const mostRemembered = 20_000

/** Tells the observer of each event once, whether the store brought it or this process has just appended it. */
export class ObserverNotifier {
  readonly #told = new Set<string>()
  #news: EventObserver | null = null

  notify(events: readonly NewEvent[]): void {
    const untold = events.filter(({ dedupeKey }) => !this.#told.has(dedupeKey))
    for (const { dedupeKey } of untold) this.#told.add(dedupeKey)
    for (const oldest of this.#told) {
      if (this.#told.size <= mostRemembered) break
      this.#told.delete(oldest)
    }
    if (untold.length > 0) this.#news?.onEvents(untold)
  }

  missed(): void {
    this.#news?.onGap()
  }

  setObserver(news: EventObserver): void {
    this.#news = news
  }
}
