import { z } from 'zod'
import type { NewEvent, StoredEvent } from '../events/event.ts'
import { solutionStatuses, type SolutionStatus } from '../solutions/lifecycle.ts'
import type { GraphState, RunStart } from './compare.ts'
import type { Fact, Knowledge, Presence, Reach, Times } from './facts.ts'

/*
 * What the gateway finds when it compares an app for the first time is not news: a fresh gateway does not announce the
 * customers of years. So the first complete list is stored as a baseline, and what is not in it later is new.
 *
 * The baseline is an event, so that no second store can disagree with the log. It belongs to an app id that no caller has,
 * so nobody sees it. It holds everything that is known up to a position, about 70 bytes for each object (350 KB for 5,000
 * accounts), and is written again each day. So it outlives the retention of the events that it was made from, and a restart
 * reads back to the last baseline only. A gateway that was off for longer than the retention begins afresh.
 */

const baselineField = '$baseline'

/** No app's id begins with a dollar sign. */
export const baselineAppId = (appId: string): string => `$${appId}`

export interface Baseline {
  /** The position up to which the log is included. */
  readonly upTo: number
  readonly listed: Knowledge['listed']
  readonly solutions: ReadonlyMap<string, Fact<SolutionStatus>>
  readonly accounts: ReadonlyMap<string, Fact<Presence>>
  readonly subscription: Fact | null
  readonly reach: ReadonlyMap<string, Fact<Reach>>
  readonly partners: readonly string[]
}

const times = z.object({
  SHARED: z.number().optional(),
  INSTALLED: z.number().optional(),
  GONE: z.number().optional(),
})

const factOf = <S extends string>(state: S, at: number, seq: number, times: Times | undefined): Fact<S> => ({
  state,
  at,
  seq,
  ...(times && { times }),
})

const factsOf = <S extends string>(states: readonly S[]) =>
  z
    .array(z.tuple([z.string(), z.enum(states), z.number(), z.number()], times))
    .transform(
      (rows) =>
        new Map(rows.map(([id, state, at, seq, ...[times]]) => [id, factOf(state as S, at, seq, times)])),
    )

const baselineShape = z.object({
  upTo: z.number(),
  listed: z.object({ solutions: z.boolean(), accounts: z.boolean() }),
  solutions: factsOf(solutionStatuses),
  accounts: factsOf(['SHARED', 'INSTALLED', 'GONE'] as const),
  partners: z.array(z.string()),
  subscription: z.object({ state: z.string(), at: z.number(), seq: z.number() }).nullable().default(null),
  reach: factsOf(['HELD', 'LOST'] as const).default(() => new Map()),
})

export const isBaseline = (event: StoredEvent): boolean =>
  event.field === baselineField && event.appId.startsWith('$')

/** Null when another version wrote it in a form that this one does not know. */
export function baselineIn(event: StoredEvent): Baseline | null {
  return baselineShape.safeParse(JSON.parse(event.payload)).data ?? null
}

/** A baseline is due when a list is covered for the first time, and when the last baseline is old. */
export function isBaselineDue(known: Knowledge, seen: GraphState, now: number, maxAgeMs: number): boolean {
  if (!known.baseline) return seen.solutions.complete || seen.accounts.complete
  const isFirst = (part: 'solutions' | 'accounts'): boolean => seen[part].complete && !known.listed[part]
  const isNewlyHeld = [...(seen.held ?? [])].some((id) => !known.reach.has(id))
  return isFirst('solutions') || isFirst('accounts') || isNewlyHeld || now - known.baseline.at >= maxAgeMs
}

/** Everything that is known, and the rows of a list that no baseline has covered yet. */
export function baselineEvent(
  known: Knowledge,
  seen: GraphState,
  { at }: RunStart,
  receivedAt: number,
): NewEvent {
  const first = { at: Math.floor(at / 1000), seq: known.upTo }
  const solutions = new Map(known.solutions)
  const accounts = new Map(known.accounts)
  if (seen.solutions.complete && !known.listed.solutions)
    for (const { id, status } of seen.solutions.rows)
      if (!solutions.has(id)) solutions.set(id, { state: status, ...first })
  if (seen.accounts.complete && !known.listed.accounts)
    for (const id of seen.accounts.rows)
      if (!accounts.has(id)) accounts.set(id, { state: 'SHARED', ...first })
  const reach = new Map(known.reach)
  for (const id of seen.held ?? []) if (!reach.has(id)) reach.set(id, { state: 'HELD', ...first })
  const listed = {
    solutions: known.listed.solutions || seen.solutions.complete,
    accounts: known.listed.accounts || seen.accounts.complete,
  }
  return {
    appId: baselineAppId(known.appId),
    kind: 'OTHER',
    source: 'RECONCILED',
    // Two instances that make the next baseline at once store one.
    dedupeKey: `reconciled:${known.appId}:baseline:${known.baseline?.seq ?? 0}`,
    occurredAt: at,
    receivedAt,
    field: baselineField,
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify({
      upTo: known.upTo,
      listed,
      solutions: rowsOf(solutions),
      accounts: rowsOf(accounts),
      partners: [...known.partners],
      subscription: known.subscription,
      reach: rowsOf(reach),
    }),
  }
}

const rowsOf = (facts: ReadonlyMap<string, Fact>) =>
  [...facts].map(([id, { state, at, seq, times }]) => [id, state, at, seq, ...(times ? [times] : [])])
