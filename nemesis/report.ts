import type { Faulty } from './check.ts'
import type { Options } from './options.ts'
import type { Strike } from './round.ts'
import type { World } from './world.ts'

/** How many keys of a kind a violation names. */
const named = 5

/** What a run showed. */
export class Report {
  readonly options: Options
  /** What must not be, in sentences. */
  readonly violations: string[] = []
  readonly found = { lost: 0, twice: 0, disordered: 0, strangers: 0 }
  /** Where the store was left for a look; null when it is gone. */
  kept: string | null = null
  rounds = 0
  delivered = 0
  readonly #world: World
  readonly #say: (line: string) => void
  #round = ''

  constructor(options: Options, world: World, say: (line: string) => void) {
    this.options = options
    this.#world = world
    this.#say = say
  }

  get isBad(): boolean {
    return this.violations.length > 0
  }

  begin(round: number, strikes: readonly Strike[]): void {
    this.#round = `round ${round} (${strikes.map(({ fault, at }) => `${at} ms: ${fault.name}`).join('; ')})`
  }

  add(whose: string, faulty: Faulty): void {
    for (const kind of ['lost', 'twice', 'disordered', 'strangers'] as const) {
      const keys = faulty[kind]
      this.found[kind] += keys.length
      if (keys.length > 0) this.note(`${whose}: ${keys.length} ${kind}: ${keys.slice(0, named).join(', ')}`)
    }
  }

  note(violation: string): void {
    this.violations.push(`${this.#round}: ${violation}`)
    this.#say(`! ${this.violations.at(-1)}`)
  }

  end(): void {
    this.rounds++
  }

  /** Of the end of the run: the store's state, and ends of processes that nobody ordered. */
  atEnd(storeProblems: readonly string[]): void {
    this.#round = 'at the end'
    const { gateways } = this.#world
    const crashes = gateways.flatMap(({ crashes }) => crashes)
    for (const problem of [...storeProblems, ...crashes]) this.note(problem)
  }

  /** How it stands, in a line. */
  line(): string {
    const { lost, twice, disordered, strangers } = this.found
    const { ledger, gateways } = this.#world
    const starts = gateways.reduce((sum, { starts }) => sum + starts, 0)
    return (
      `${this.rounds} rounds, ${ledger.events} events acked, ${this.delivered} delivered, ${starts} starts: ` +
      `${lost} lost, ${twice} twice, ${disordered} out of order, ${strangers} strangers`
    )
  }

  /** Everything, as a table, and with violations what is needed to see them again. */
  toString(): string {
    const { gateways, ledger, struck, subscribers } = this.#world
    const missed = gateways.reduce((sum, { missed }) => sum + missed, 0)
    const reconnections = subscribers.reduce((sum, { reconnections }) => sum + reconnections, 0)
    const rows: [string, string | number][] = [
      ['rounds', this.rounds],
      ['posts answered 200', ledger.posts],
      ['events in them', ledger.events],
      ['posts sent again, unanswered', ledger.again],
      ['posts sent again on purpose', ledger.onPurpose],
      ...[...struck].sort(),
      ['of these, points not passed in time', missed],
      ['reconnections', reconnections],
      ['items delivered', this.delivered],
      ['**lost**', this.found.lost],
      ['**twice**', this.found.twice],
      ['**out of order**', this.found.disordered],
      ['**strangers**', this.found.strangers],
      ['**violations**', this.violations.length],
    ]
    return [table(rows), ...this.#ends(), ...(this.isBad ? this.#evidence() : [])].join('\n')
  }

  #ends(): readonly string[] {
    const sums = new Map<string, number>()
    for (const { ends } of this.#world.subscribers)
      for (const [reason, count] of ends) sums.set(reason, (sums.get(reason) ?? 0) + count)
    return [`\nConnections ended: ${[...sums].map(([reason, count]) => `${reason} ${count}`).join(', ')}`]
  }

  #evidence(): readonly string[] {
    const { rounds, store, instances, seed, load } = this.options
    const again = `--rounds ${rounds} --store ${store} --instances ${instances} --seed ${seed} --load ${load.join('-')}`
    return [
      '\nViolations:',
      ...this.violations.map((violation) => `- ${violation}`),
      `\nThe same choices again: npm run nemesis -- ${again}`,
      ...(this.kept === null ? [] : [`The store: ${this.kept}`]),
    ]
  }
}

function table(rows: readonly (readonly [string, string | number])[]): string {
  const width = Math.max(...rows.map(([what]) => what.length))
  const lines = rows.map(([what, count]) => `| ${what.padEnd(width)} | ${String(count).padStart(9)} |`)
  return [`| ${' '.repeat(width)} |     count |`, `|${'-'.repeat(width + 2)}|----------:|`, ...lines].join(
    '\n',
  )
}
