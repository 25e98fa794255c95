import type { SolutionStatus } from '../solutions/status.ts'
import type { Fact, Knowledge, Presence } from './facts.ts'

export interface Listed<T> {
  readonly rows: readonly T[]
  /** Read to its last page: only then does it mean something that a row is missing. */
  readonly complete: boolean
}

export interface SeenSolution {
  readonly id: string
  readonly status: SolutionStatus
}

/** What Graph says. */
export interface Seen {
  readonly solutions: Listed<SeenSolution>
  readonly accounts: Listed<string>
  /** Accounts that have the app among theirs; nobody as long as some have yet to be asked. */
  readonly held?: ReadonlySet<string>
}

/** When a look began, by the clock and by the log. */
export interface Start {
  readonly at: number
  readonly seq: number
}

interface Difference<About extends string, State extends string> {
  readonly about: About
  readonly id: string
  /** What the log said until now; null when it never spoke of the object. */
  readonly last: Fact<State> | null
}

export type Drift =
  | (Difference<'solution', SolutionStatus> & { readonly status: SolutionStatus })
  | Difference<'arrival', Presence>
  | Difference<'departure', Presence>

/**
 * Where Graph differs from what the log knows. An object with an event newer than the beginning of the look is left
 * for the next one: nobody can say which of the two is older.
 */
export function compare(known: Knowledge, seen: Seen, { seq }: Pick<Start, 'seq'>): readonly Drift[] {
  const isSettled = ({ last }: Drift): boolean => last === null || last.seq <= seq
  return [...solutionDrift(known, seen), ...arrivals(known, seen), ...departures(known, seen)].filter(
    isSettled,
  )
}

function solutionDrift({ solutions, listed }: Knowledge, seen: Seen): readonly Drift[] {
  const statuses = new Map(seen.solutions.rows.map(({ id, status }) => [id, status]))
  return [...statuses].flatMap(([id, status]) => {
    const last = solutions.get(id) ?? null
    const differs = last ? last.state !== status : listed.solutions
    return differs ? [{ about: 'solution' as const, id, status, last }] : []
  })
}

function arrivals({ accounts, listed }: Knowledge, seen: Seen): readonly Drift[] {
  return [...new Set(seen.accounts.rows)].flatMap((id) => {
    const last = accounts.get(id) ?? null
    const isNew = last ? last.state === 'GONE' : listed.accounts
    return isNew ? [{ about: 'arrival' as const, id, last }] : []
  })
}

function departures({ accounts }: Knowledge, seen: Seen): readonly Drift[] {
  if (!seen.accounts.complete) return []
  const present = new Set(seen.accounts.rows)
  return [...accounts].flatMap(([id, last]) =>
    last.state === 'SHARED' && !present.has(id) ? [{ about: 'departure' as const, id, last }] : [],
  )
}
