import { pino } from 'pino'
import type { Ctx } from '../../../src/context.ts'
import type { Instance } from '../../../src/events/instance.ts'
import type { Store } from '../../../src/events/store.ts'
import type { OwnTime } from '../../../src/lib/clock.ts'
import type { Timeline } from './timeline.ts'

/** What happens to a machine before or after something that it waits for. */
export interface Incident {
  /** At which of these moments, counted from the first. */
  readonly at: number
  /**
   * `stop`: the process, whose clocks go on. `suspend`: the machine, whose monotonic clock stops too. `jump`: the wall clock is
   * set. `crash`: it never goes on.
   */
  readonly kind: 'stop' | 'suspend' | 'jump' | 'crash'
  readonly ms: number
}

/** A machine with one gateway process: its clocks, and what happens to it. */
export class Machine {
  isDead = false
  readonly #timeline: Timeline
  readonly #incidents: readonly Incident[]
  #aheadMs: number
  #moments = 0
  #stoppedUntil = 0
  /** For how long its monotonic clock has not gone on. */
  #lostMs = 0

  constructor(timeline: Timeline, aheadMs: number, incidents: readonly Incident[]) {
    this.#timeline = timeline
    this.#aheadMs = aheadMs
    this.#incidents = incidents
  }

  readonly time: OwnTime = {
    measure: () => {
      const [wall, monotonic] = [this.#wall(), this.#monotonic()]
      return () => Math.max(this.#wall() - wall, this.#monotonic() - monotonic)
    },
    pause: (ms) => this.during(() => this.#timeline.sleep(ms)),
  }

  /** Something that it waits for; it may be stopped, or die, before and after. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    await this.#moment()
    try {
      return await work()
    } finally {
      await this.#moment()
    }
  }

  /** All of a store, as this machine waits for its answers. */
  watch<Part extends object>(part: Part): Part {
    return new Proxy(part, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return (...given: unknown[]) =>
          this.during(() =>
            this.#timeline.outside(() => Reflect.apply(member, target, given) as Promise<unknown>),
          )
      },
    })
  }

  /** As others can tell: one that is stopped does not show that it is alive. */
  get showsLife(): boolean {
    return !this.isDead && this.#stoppedUntil <= this.#timeline.now
  }

  context(store: Store, storesTime: () => number, instance: Pick<Instance, 'id' | 'isAlive'>): Ctx {
    return {
      actor: { kind: 'OPERATOR', apps: [] },
      apps: [],
      cost: { requests: 0, units: 0 },
      log: store.log,
      writes: store.writes,
      reads: { renew: () => {} },
      instance,
      clock: storesTime,
      earliest: storesTime,
      time: this.time,
      logger: pino({ level: 'silent' }),
    } as unknown as Ctx
  }

  async #moment(): Promise<void> {
    const at = this.#moments++
    for (const incident of this.#incidents) if (incident.at === at) this.#suffer(incident)
    while (this.isDead || this.#stoppedUntil > this.#timeline.now) {
      if (this.isDead) await new Promise(() => {})
      await this.#timeline.sleep(this.#stoppedUntil - this.#timeline.now)
    }
  }

  #suffer({ kind, ms }: Incident): void {
    if (kind === 'crash') this.isDead = true
    else if (kind === 'jump') this.#aheadMs += ms
    else this.#stoppedUntil = this.#timeline.now + Math.abs(ms)
    if (kind === 'suspend') this.#lostMs += Math.abs(ms)
  }

  #wall(): number {
    return this.#timeline.now + this.#aheadMs
  }

  #monotonic(): number {
    return this.#timeline.now - this.#lostMs
  }
}
