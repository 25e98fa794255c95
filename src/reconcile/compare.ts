import type { SolutionStatus } from '../solutions/lifecycle.ts'
import type { Fact, Knowledge, Presence } from './facts.ts'
import type { NewEvent } from '../events/event.ts'
import type { EventKind } from '../events/kinds.ts'

export interface ListedRows<T> {
  readonly rows: readonly T[]
  /** True when the list was read to its last page. Only then does it mean something that a row is missing. */
  readonly complete: boolean
}

export interface SeenSolution {
  readonly id: string
  readonly status: SolutionStatus
}

/** The state that Graph shows. */
export interface GraphState {
  readonly solutions: ListedRows<SeenSolution>
  readonly accounts: ListedRows<string>
  /** Accounts to which the app is subscribed. Empty as long as some have not been checked. */
  readonly held?: ReadonlySet<string>
}

/** When a run began, by the clock and by the position of the log. */
export interface RunStart {
  readonly at: number
  readonly seq: number
}

interface Difference<About extends string, State extends string> {
  readonly about: About
  readonly id: string
  /** The last state in the log; null when the log has never named the object. */
  readonly last: Fact<State> | null
}

export type Drift =
  | (Difference<'solution', SolutionStatus> & { readonly status: SolutionStatus })
  | Difference<'arrival', Presence>
  | Difference<'departure', Presence>

/**
 * The differences between Graph and what the log knows. An object with an event newer than the beginning of the run is left
 * for the next run, because it is not known which of the two is older.
 */
export function compare(
  known: Knowledge,
  seen: GraphState,
  { seq }: Pick<RunStart, 'seq'>,
): readonly Drift[] {
  const isSettled = ({ last }: Drift): boolean => last === null || last.seq <= seq
  return [...solutionDrift(known, seen), ...arrivals(known, seen), ...departures(known, seen)].filter(
    isSettled,
  )
}

function solutionDrift({ solutions, listed }: Knowledge, seen: GraphState): readonly Drift[] {
  const statuses = new Map(seen.solutions.rows.map(({ id, status }) => [id, status]))
  return [...statuses].flatMap(([id, status]) => {
    const last = solutions.get(id) ?? null
    const differs = last ? last.state !== status : listed.solutions
    return differs ? [{ about: 'solution' as const, id, status, last }] : []
  })
}

function arrivals({ accounts, listed }: Knowledge, seen: GraphState): readonly Drift[] {
  return [...new Set(seen.accounts.rows)].flatMap((id) => {
    const last = accounts.get(id) ?? null
    const isNew = last ? last.state === 'GONE' : listed.accounts
    return isNew ? [{ about: 'arrival' as const, id, last }] : []
  })
}

function departures({ accounts }: Knowledge, seen: GraphState): readonly Drift[] {
  if (!seen.accounts.complete) return []
  const present = new Set(seen.accounts.rows)
  return [...accounts].flatMap(([id, last]) =>
    last.state === 'SHARED' && !present.has(id) ? [{ about: 'departure' as const, id, last }] : [],
  )
}

/** The owner of an account and the solution through which it came, as far as they are known. */
export interface Origin {
  readonly ownerBusinessId: string | null
  readonly solutionId: string | null
}

export interface DriftContext {
  readonly appId: string
  /** When the run began, so that nothing that happens during the run counts as older. */
  readonly at: number
  readonly receivedAt: number
  readonly origins: ReadonlyMap<string, Origin>
}

export function eventOfDrift(drift: Drift, { appId, at, receivedAt, origins }: DriftContext): NewEvent {
  const kind = kindOf(drift)
  const isSolution = drift.about === 'solution'
  const origin = isSolution ? undefined : origins.get(drift.id)
  return {
    appId,
    kind,
    source: 'RECONCILED',
    dedupeKey: driftKey(appId, drift),
    // Not older than the event that it replaces, because Meta's clock may be ahead of ours.
    occurredAt: Math.max(at, (drift.last?.at ?? 0) * 1000),
    receivedAt,
    field: 'reconcile',
    event: kind,
    solutionId: isSolution ? drift.id : (origin?.solutionId ?? null),
    wabaId: isSolution ? null : drift.id,
    ownerBusinessId: origin?.ownerBusinessId ?? null,
    reportedStatus: isSolution ? drift.status : null,
    payload: JSON.stringify({ before: drift.last?.state ?? null }),
  }
}

/**
 * The key names the last event about the object, so every instance that finds the difference appends the same event.
 * Afterwards the log has a newer one, and the same state reached again gets another key.
 */
function driftKey(appId: string, { about, id, last }: Drift): string {
  return `reconciled:${appId}:${about === 'solution' ? 'solution' : 'account'}:${id}:${last?.seq ?? 0}`
}

function kindOf({ about, last }: Drift): EventKind {
  switch (about) {
    case 'solution':
      return last ? 'SOLUTION_UPDATED' : 'SOLUTION_CREATED'
    case 'arrival':
      return 'CLIENT_WABA_ONBOARDED'
    case 'departure':
      return 'CLIENT_WABA_REMOVED'
  }
}
