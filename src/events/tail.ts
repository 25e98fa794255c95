import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import type { Cursors } from './cursor.ts'
import type { NewEvent, StoredEvent } from './event.ts'
import { matcherOf } from './filter.ts'
import type { Appended, EventFilter, EventLog, Onboarding, Page, WholeReads } from './log.ts'
import { Teller, type News } from './news.ts'
import { Recent, type TailLimits } from './recent.ts'

export type { TailLimits } from './recent.ts'

const defaults: TailLimits = { events: 8192, characters: 16 * 1024 * 1024 }

/** Events that one look at the store brings; more behind them, and it looks again. */
const pageSize = 1024

/** Between two looks while the store cannot be read. */
const retryMs = 500

export interface Watched {
  /** Tells of every event from now on, also when nobody follows the log, until the signal ends. */
  watch(news: News, signal: AbortSignal): Promise<void>
}

/** The log with its newest events in memory: followers that one append wakes cost one read and not one each. */
export function withTail(log: EventLog & WholeReads, limits: Partial<TailLimits> = {}): EventLog & Watched {
  return new TailedLog(log, { ...defaults, ...limits })
}

class TailedLog implements EventLog, Watched {
  readonly id: string
  readonly cursors: Cursors
  readonly #log: EventLog & WholeReads
  readonly #limits: TailLimits
  readonly #teller = new Teller()
  #recent: Recent | null = null
  /** A look at the store that has not begun: who asks in the same turn shares it. */
  #next: Promise<Recent> | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(log: EventLog & WholeReads, limits: TailLimits) {
    this.id = log.id
    this.cursors = log.cursors
    this.#log = log
    this.#limits = limits
  }

  async readAfter(seq: number, filter: EventFilter, limit: number): Promise<Page> {
    const recent = await this.#look()
    // Older than what is here, or, as after a restore from a backup, ahead of the log.
    if (!recent.covers(seq) || seq > recent.to) return this.#readStore(seq, filter, limit, recent.to)
    const events = recent.after(seq, matcherOf(filter), limit)
    return { from: seq, events, upTo: events.length < limit ? recent.to : (events.at(-1)?.seq ?? seq) }
  }

  async append(events: readonly NewEvent[]): Promise<Appended> {
    const appended = await this.#log.append(events)
    this.#teller.tell(events)
    return appended
  }

  async watch(news: News, signal: AbortSignal): Promise<void> {
    this.#teller.to(news)
    while (!signal.aborted) {
      const woken = this.#log.appended(signal)
      const isSeen = await this.#look().then(
        () => true,
        () => false,
      )
      await (isSeen ? woken : sleep(retryMs, undefined, { signal, ref: false }).catch(() => {}))
    }
  }

  readBefore(seq: number, filter: EventFilter, limit: number): Promise<readonly StoredEvent[]> {
    return this.#log.readBefore(seq, filter, limit)
  }

  get(seq: number): Promise<StoredEvent | null> {
    return this.#log.get(seq)
  }

  /** Everything up to here has been told of: who reads Graph after this, and follows from here, misses nothing. */
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
  ): Promise<Onboarding | null> {
    return this.#log.onboarding(of, appIds)
  }

  knew(...of: Parameters<EventLog['knew']>): ReturnType<EventLog['knew']> {
    return this.#log.knew(...of)
  }

  appended(signal: AbortSignal): Promise<void> {
    return this.#log.appended(signal)
  }

  close(): Promise<void> {
    return this.#log.close()
  }

  /** What came since the look is told of before it is given. */
  async #readStore(seq: number, filter: EventFilter, limit: number, seen: number): Promise<Page> {
    const page = await this.#log.readAfter(seq, filter, limit)
    this.#teller.tell(page.events.filter((event) => event.seq > seen))
    return page
  }

  /**
   * What is in memory, with everything that was in the store when this was called. A look under way may have begun
   * before, so only one that has yet to begin is shared.
   */
  #look(): Promise<Recent> {
    this.#next ??= this.#afterTurn()
    return this.#next
  }

  async #afterTurn(): Promise<Recent> {
    const before = this.#last
    await turn()
    await before
    const look = this.#catchUp()
    this.#next = null
    this.#last = look.catch(() => {})
    return look
  }

  async #catchUp(): Promise<Recent> {
    this.#recent ??= await this.#begin()
    const recent = this.#recent
    for (;;) {
      const { from, events, upTo } = await this.#log.readAllAfter(recent.to, pageSize)
      // Restored to an earlier time: what is in memory may not be what will be stored. Or retention came by while
      // nobody looked: it would have a hole.
      if (upTo < recent.to || from > recent.to) return (this.#recent = await this.#begin())
      this.#teller.tell(events)
      recent.extend(events, upTo)
      if (events.length < pageSize) return recent
      if (await this.#isFarFrom(recent.to)) return (this.#recent = await this.#begin())
    }
  }

  /** More has come since the last look than would be kept of it. */
  async #isFarFrom(position: number): Promise<boolean> {
    return (await this.#log.head()) - position > this.#limits.events
  }

  async #begin(): Promise<Recent> {
    const recent = new Recent(await this.#log.head(), this.#limits)
    this.#teller.missed()
    return recent
  }
}
