import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Instance } from '../../src/events/instance.ts'
import type { Store } from '../../src/events/store.ts'
import { GraphError } from '../../src/graph/error.ts'
import { runWrite } from '../../src/writes/run.ts'
import type { LookUp, Write } from '../../src/writes/write.ts'
import { opened, storeKinds } from '../events/support/stores.ts'
import { Machine, type Incident } from './support/machine.ts'
import { Timeline } from './support/timeline.ts'

/** What becomes of a request that has left. */
interface Fate {
  /** After how long Graph does it; null when it never does. */
  readonly doneAfterMs: number | null
  /** After how long the answer comes; null when it is lost at once. */
  readonly answeredAfterMs: number | null
  readonly isRefused: boolean
}

interface Ask {
  readonly atMs: number
  readonly machine: number
  readonly key: 'one' | 'two'
  readonly looksForMs: number
}

interface Plan {
  readonly machines: readonly { readonly aheadMs: number; readonly incidents: readonly Incident[] }[]
  readonly asks: readonly Ask[]
  readonly fates: readonly Fate[]
}

/** How long the client waits for an answer of Graph. */
const deadlineMs = 10_000

const minute = 60_000
const ahead = fc.constantFrom(0, 5 * minute, -5 * minute, 60 * minute, -90_000)
const long = fc.constantFrom(500, 9_000, 26_000, 60_000, 125_000, 200_000)
/** A machine is suspended, or its clock is set: of both at once, nothing on it could tell. */
const incidents = fc
  .constantFrom<readonly Incident['kind'][]>(['stop', 'crash', 'jump'], ['stop', 'crash', 'suspend'])
  .chain((kinds) =>
    fc.array(
      fc
        .record({ at: fc.nat(24), kind: fc.constantFrom(...kinds), ms: long, isBack: fc.boolean() })
        .map(({ ms, isBack, ...rest }) => ({ ...rest, ms: isBack ? -ms : ms })),
      { maxLength: 3 },
    ),
  )
const fate: fc.Arbitrary<Fate> = fc.record({
  doneAfterMs: fc.constantFrom(0, 100, 8_000, 20_000, null),
  answeredAfterMs: fc.constantFrom(50, 9_000, 30_000, null),
  isRefused: fc.constantFrom(false, false, false, true),
})
const ask: fc.Arbitrary<Ask> = fc.record({
  atMs: fc.constantFrom(0, 1, 200, 5_000, 24_000, 30_000, 100_000, 130_000),
  machine: fc.nat(2),
  key: fc.constantFrom('one', 'one', 'two'),
  looksForMs: fc.constantFrom(0, 100, 3_000, 9_500, 12_000),
})
const plans: fc.Arbitrary<Plan> = fc.record({
  machines: fc.array(fc.record({ aheadMs: ahead, incidents }), { minLength: 3, maxLength: 3 }),
  asks: fc.array(ask, { minLength: 1, maxLength: 6 }),
  fates: fc.array(fate, { maxLength: 4 }),
})

/** Graph, the store and machines, in a time of their own. */
class World {
  readonly timeline = new Timeline()
  /** What Graph has done, by key. */
  readonly done: string[] = []
  readonly wrong: string[] = []
  readonly #fates: Fate[]
  readonly #round: number

  constructor(fates: readonly Fate[], round: number) {
    this.#fates = [...fates]
    this.#round = round
  }

  readonly storesTime = (): number => this.timeline.now + 7 * minute

  async play(store: Store, { machines, asks }: Plan): Promise<void> {
    const all = machines.map(({ aheadMs, incidents }) => new Machine(this.timeline, aheadMs, incidents))
    for (const one of asks) void this.#come(store, all, one)
    await this.timeline.run()
    // Whoever asks at the very end, on a machine without faults, is told what has happened.
    const last = new Machine(this.timeline, 0, [])
    for (const key of ['one', 'two'] as const) {
      void this.timeline.sleep(1_000_000).then(() => this.#ask(store, last, { key, looksForMs: 0 }))
      await this.timeline.run()
    }
  }

  /** A machine whose process has died has another one by then. */
  async #come(store: Store, machines: Machine[], one: Ask): Promise<void> {
    await this.timeline.sleep(one.atMs)
    const known = machines[one.machine]
    const machine = known && !known.isDead ? known : new Machine(this.timeline, 0, [])
    machines[one.machine] = machine
    await this.#ask(store, machine, one)
  }

  async #ask(store: Store, machine: Machine, { key, looksForMs }: Pick<Ask, 'key' | 'looksForMs'>) {
    const seen = { ...store, log: machine.watch(store.log), writes: this.#writesOf(store, machine) }
    const ctx = machine.context(seen, this.storesTime, this.#instanceOf(machine))
    let left = 0
    const outcome = await runWrite(ctx, {
      app: { appId: '1' } as Write<LookUp>['app'],
      verb: 'make',
      object: `thing ${this.#round}`,
      key: `${key} ${this.#round}`,
      input: 'the same',
      about: {},
      readState: () => machine.during(async () => (await this.timeline.sleep(looksForMs), this.#look(key))),
      send: (_, { mayLeave }) =>
        machine.during(async () => {
          if (!mayLeave()) throw new GraphError('aborted', 'too late', { transient: true })
          left++
          return this.#arrive(key)
        }),
      outcomeIn: (state, sent) => (sent === null ? 'not-made' : state),
      publishes: () => ({ kind: 'OTHER' }),
    })
    this.#judge(key, left, outcome)
  }

  readonly #instances = new Map<Machine, Pick<Instance, 'id' | 'isAlive'>>()

  #instanceOf(machine: Machine): Pick<Instance, 'id' | 'isAlive'> {
    const known = this.#instances.get(machine) ?? {
      id: randomUUID(),
      isAlive: (id) => this.#shows(machine, id),
    }
    this.#instances.set(machine, known)
    return known
  }

  #shows(asking: Machine, id: string): Promise<boolean> {
    const [machine] = [...this.#instances].find(([, one]) => one.id === id) ?? []
    return asking.during(async () => machine?.showsLife ?? false)
  }

  readonly #watched = new Map<Machine, Store['writes']>()

  /** One for each machine, as callers of one process wait for each other. */
  #writesOf({ writes }: Store, machine: Machine): Store['writes'] {
    const watched = this.#watched.get(machine) ?? machine.watch(writes)
    this.#watched.set(machine, watched)
    return watched
  }

  #look(key: string): LookUp {
    return this.done.includes(key) ? { createdId: key } : 'not-made'
  }

  async #arrive(key: string): Promise<{ createdId: string; traceId: null }> {
    const { doneAfterMs, answeredAfterMs, isRefused } = this.#fates.shift() ?? healthy
    if (isRefused) throw new GraphError('invalid', 'no', { code: 100 })
    if (doneAfterMs !== null) void this.timeline.sleep(doneAfterMs).then(() => this.done.push(key))
    const waits = answeredAfterMs ?? 0
    await this.timeline.sleep(Math.min(waits, deadlineMs))
    const isAnswered = answeredAfterMs !== null && waits < deadlineMs && this.done.includes(key)
    if (!isAnswered) throw new GraphError('network', 'gone', { outcomeUnknown: true })
    return { createdId: key, traceId: null }
  }

  #judge(key: string, left: number, outcome: Awaited<ReturnType<typeof runWrite<LookUp>>>): void {
    const times = this.done.filter((one) => one === key).length
    if ('createdId' in outcome && times !== 1)
      this.wrong.push(`${key} is told as done, and was ${times} times`)
    if ('code' in outcome && outcome.code === 'UPSTREAM_UNAVAILABLE' && left > 0)
      this.wrong.push(`${key} is told as not sent, and was`)
    if ('code' in outcome && outcome.code === 'UPSTREAM_REFUSED' && times > 0)
      this.wrong.push(`${key} is told as refused, and was done`)
  }
}

const healthy: Fate = { doneAfterMs: 0, answeredAfterMs: 50, isRefused: false }

describe.each(storeKinds)('a write over $name', (kind) => {
  it('happens once and is told truly, whatever clocks say, and whichever machine stops, is suspended or dies', async () => {
    let world = new World([], 0)
    const store = await opened(await kind.place(), { clock: () => world.storesTime() })
    let round = 0
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        world = new World(plan.fates, round++)
        await world.play(store, plan)
        expect(world.wrong).toEqual([])
        expect(world.done.toSorted()).toEqual([...new Set(world.done)].toSorted())
      }),
      { numRuns: kind.name === 'SQLite' ? 200 : 20 },
    )
  })
})
