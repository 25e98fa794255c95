import { setTimeout as sleep } from 'node:timers/promises'
import { canShiftClocks, clockAhead } from '../../test/support/faketime.ts'
import { Fleet } from '../../test/support/fleet.ts'
import { PostgresProcess } from '../../test/support/postgres-process.ts'
import { choose } from '../faults/fault.ts'
import { Random } from '../random.ts'
import { becomes, within } from '../within.ts'
import { fleetFaults, type FleetFault } from './faults.ts'
import { isThrough, judgeReader, judgeWrites, logOf } from './judge.ts'
import { startLoad, type Load } from './load.ts'
import { readBySse, readByWs } from './reader.ts'

export interface BalancerOptions {
  readonly rounds: number
  readonly seed: number
  readonly perSecond: number
  /** The faults to choose from, by the beginning of their names; all when empty. */
  readonly only: string
}

/** What a run behind a balancer showed. */
export interface FleetReport {
  /** What must not be, in sentences. */
  readonly violations: readonly string[]
  toString(): string
}

const roundMs = 280_000
/** How long what a fault has left behind may last: a mark of nginx, a connection that is made anew. */
const recoverMs = 60_000
const quietMs = 3_000

/** Three instances with different clocks behind nginx, under load, and one fault after the other. */
export async function runFleet(options: BalancerOptions, say: (line: string) => void): Promise<FleetReport> {
  const random = new Random(options.seed)
  const server = await PostgresProcess.start()
  const clock = (least: number, most: number) =>
    canShiftClocks ? clockAhead(random.between(least, most)) : {}
  const fleet = await Fleet.start({ databaseUrl: server.url, own: [{}, clock(60, 600), clock(-600, -60)] })
  const run = new FleetRun(fleet, startLoad(fleet, options.perSecond), say)
  const faults = fleetFaults(server).filter(({ name }) => name.startsWith(options.only))
  try {
    await run.readersAreThere()
    for (let round = 1; round <= options.rounds; round++)
      await within(roundMs, `round ${round}`, run.round(round, faults, random.fork(`round ${round}`)))
    await run.judge()
  } catch (error) {
    run.violations.push(String(error))
  } finally {
    await fleet[Symbol.asyncDispose]()
    await server.stop()
  }
  return run
}

class FleetRun implements FleetReport {
  readonly violations: string[] = []
  readonly #fleet: Fleet
  readonly #load: Load
  readonly #say: (line: string) => void
  readonly #struck = new Map<string, number>()
  readonly #readers
  #allowed = 0
  #events = 0

  constructor(fleet: Fleet, load: Load, say: (line: string) => void) {
    this.#fleet = fleet
    this.#load = load
    this.#say = say
    this.#readers = [readByWs, readByWs, readBySse, readBySse].map((read) => read(fleet, null))
  }

  async readersAreThere(): Promise<void> {
    if (!(await becomes(recoverMs, () => this.#readers.every(({ cursors }) => cursors.length > 0))))
      throw new Error('No events reach the readers')
  }

  async round(round: number, faults: readonly FleetFault[], random: Random): Promise<void> {
    const fault = choose(faults, random)
    const said = this.#fleet.nginx.errors().length
    this.#struck.set(fault.name, (this.#struck.get(fault.name) ?? 0) + 1)
    await sleep(random.between(200, 1_000))
    await fault.run(this.#fleet, random)
    await this.#recover()
    const errors = this.#told.flatMap((told) => told.splice(0))
    if (!fault.isSilent) this.#allowed += errors.length
    else
      for (const error of errors.slice(0, 5))
        this.#note(`round ${round}, ${fault.name}: a client was told: ${error}`)
    if (fault.isSilent && errors.length > 0) this.#say(this.#fleet.nginx.errors().slice(said))
    this.#say(`${round}: ${fault.name}; ${this.#load.answered} answered, ${errors.length} errors in it`)
  }

  /** What came before is over when no client has been told of an error for a while. */
  async #recover(): Promise<void> {
    const until = performance.now() + recoverMs
    const count = (): number => this.#told.flat().length
    for (let before = -1; before !== count() && performance.now() < until;) {
      before = count()
      await sleep(quietMs)
    }
  }

  /** The errors that callers and readers were told since somebody took them. */
  get #told(): readonly string[][] {
    return [this.#load, ...this.#readers].map(({ errors }) => errors)
  }

  async judge(): Promise<void> {
    await this.#load.stop()
    // The last webhooks and events of the outbox are on their way.
    await sleep(quietMs)
    const log = await logOf(this.#fleet)
    this.#events = log.length
    await becomes(recoverMs, () => this.#readers.every((reader) => isThrough(reader, log)))
    const found = [
      ...judgeWrites(this.#fleet, this.#load, log),
      ...this.#readers.flatMap((reader) => judgeReader(reader, log)),
    ]
    for (const one of found) this.#note(one)
    for (const { leave } of this.#readers) leave()
  }

  #note(violation: string): void {
    this.violations.push(violation)
    this.#say(`! ${violation}`)
  }

  toString(): string {
    const rows: [string, number][] = [
      ...[...this.#struck].sort(),
      ['requests answered', this.#load.answered],
      ['solutions and signups written', this.#load.solutions.size + this.#load.signups.size],
      ['events in the log, each to four readers', this.#events],
      ['errors to clients where they are promised', this.#allowed],
      ['**violations**', this.violations.length],
    ]
    return [
      '| what | count |',
      '|---|--:|',
      ...rows.map(([what, count]) => `| ${what} | ${count.toLocaleString('en')} |`),
      ...this.violations.slice(0, 30).map((violation) => `! ${violation}`),
    ].join('\n')
  }
}
