import { nameOf } from '../../test/writes/support/verbs/verb.ts'
import { judge, type Round } from './judge.ts'
import type { Scenario } from './round.ts'

/** What the rounds showed. */
export class Tally {
  readonly violations: string[] = []
  readonly #rows = new Map<string, number>()
  rounds = 0

  add(scenario: Scenario, round: Round): void {
    this.rounds++
    this.#count(`rounds: ${scenario.end.name}`)
    this.#count(`rounds with callers: ${scenario.callers}`)
    for (const { claims } of round.stages.slice(0, 1))
      for (const { kind } of claims) this.#count(`told at first: ${kind}`)
    const last = round.stages.at(-1)
    for (const { kind } of last?.claims ?? []) this.#count(`told in the end: ${kind}`)
    for (const { name } of round.verb.routes)
      this.#count(`writes done ${Math.min(last?.writes[name] ?? 0, 3)} times`)
    for (const violation of judge(round)) this.note(scenario, violation)
  }

  note(scenario: Scenario, violation: string): void {
    this.violations.push(`${describe(scenario)}: ${violation}`)
  }

  toString(): string {
    const rows = [
      ['rounds', this.rounds] as const,
      ...[...this.#rows].sort(),
      ['violations', this.violations.length] as const,
    ]
    const width = Math.max(...rows.map(([what]) => what.length))
    const table = rows.map(([what, count]) => `| ${what.padEnd(width)} | ${String(count).padStart(6)} |`)
    return [...table, ...this.violations.map((violation) => `! ${violation}`)].join('\n')
  }

  #count(row: string): void {
    this.#rows.set(row, (this.#rows.get(row) ?? 0) + 1)
  }
}

function describe({ verb, route, end, callers, key }: Scenario): string {
  return `${nameOf(verb)} at ${route.name}, ${end.name}, ${callers}${key === null ? '' : ', with a key'}`
}
