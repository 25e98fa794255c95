import type { Deadline } from '../deadline.ts'
import { GraphError } from '../error.ts'
import type { CallSettings, PreparedCall } from '../prepare.ts'
import { mayLeave } from '../upstream/admit.ts'
import { attemptCall } from '../upstream/attempt.ts'
import { goOn, repeatCall } from '../upstream/repeat.ts'
import { settle, type Attempt, type Upstream } from '../upstream/upstream.ts'
import type { BatchItem } from './answer.ts'
import { composeBatch } from './compose.ts'
import { planReads } from './plan.ts'

type Call = PreparedCall<unknown>

export type ReadOutcome =
  | { readonly value: unknown }
  /** `shared` when it is the failure of the batch as a whole, which says nothing about the item's token. */
  | { readonly error: GraphError; readonly shared: boolean }

/** The outcomes of reads that leave together, by call. */
export type ReadOutcomes = ReadonlyMap<Call, ReadOutcome>

interface Round {
  readonly upstream: Upstream
  readonly settings: CallSettings
  readonly deadline: Deadline
  readonly outcomes: Map<Call, ReadOutcome>
}

export async function readAll(
  upstream: Upstream,
  calls: readonly Call[],
  settings: CallSettings,
  deadline: Deadline,
): Promise<ReadOutcomes> {
  const round: Round = { upstream, settings, deadline, outcomes: new Map() }
  const { ready, crowded } = sortOut(round, calls)
  const { alone, batches } = planReads(ready)
  await Promise.all([
    ...[...alone, ...crowded].map((call) => readAlone(round, call)),
    ...batches.map((items) => readTogether(round, items)),
  ])
  return round.outcomes
}

/** Those that may not leave have their answer; those of a crowded object wait alone, so that no batch waits with them. */
function sortOut({ upstream, outcomes }: Round, calls: readonly Call[]) {
  const ready: Call[] = []
  const crowded: Call[] = []
  for (const call of calls) {
    const refusal = refusalOf(upstream, call)
    if (refusal !== null) outcomes.set(call, { error: refusal, shared: false })
    else (call.slots.some((slot) => upstream.gate.isFull(slot)) ? crowded : ready).push(call)
  }
  return { ready, crowded }
}

function refusalOf(upstream: Upstream, call: Call): GraphError | null {
  try {
    mayLeave(upstream, call)
    return null
  } catch (error) {
    if (error instanceof GraphError) return error
    throw error
  }
}

async function readAlone(round: Round, call: Call): Promise<void> {
  await conclude(round, call, () => repeatCall(round.upstream, call, round.deadline))
}

async function readTogether(round: Round, items: readonly [Call, ...Call[]]): Promise<void> {
  const begun = performance.now()
  try {
    const { value } = await repeatCall(round.upstream, composeBatch(items, round.settings), round.deadline)
    const ms = performance.now() - begun
    await Promise.all(items.map((call, index) => readItem(round, call, value[index] ?? null, ms)))
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    for (const call of items) round.outcomes.set(call, { error, shared: true })
  }
}

async function readItem(round: Round, call: Call, item: BatchItem, ms: number): Promise<void> {
  const { upstream, deadline } = round
  if (item === null) return readUnfinished(round, call, ms)
  const outcome = judge(call, item)
  const error = 'error' in outcome ? outcome.error : undefined
  const progress = item instanceof GraphError ? nothing : item
  settle(upstream, { call, attempt: 1, progress, error, ms, inBatch: true })
  await conclude(round, call, () => goOn(upstream, call, deadline, outcome, 1))
}

const nothing = { status: null, headers: {} }

function judge(call: Call, item: Exclude<BatchItem, null>): Attempt<unknown> {
  try {
    if (item instanceof GraphError) return { error: item }
    return { value: call.read(item), headers: item.headers }
  } catch (error) {
    if (error instanceof GraphError) return { error }
    throw error
  }
}

// Graph ends a batch that takes too long, and what it had not begun is null: it may be asked for again.
async function readUnfinished(round: Round, call: Call, ms: number): Promise<void> {
  const { upstream, deadline } = round
  const error = new GraphError('timeout', 'Graph did not get to this item of a batch.')
  settle(upstream, { call, attempt: 1, progress: nothing, error, ms, inBatch: true })
  await conclude(round, call, async () => {
    if (!upstream.retries.pay(call.appId)) throw error
    return goOn(upstream, call, deadline, await attemptCall(upstream, call, deadline, 2), 2)
  })
}

async function conclude(
  { outcomes }: Round,
  call: Call,
  work: () => Promise<{ readonly value: unknown }>,
): Promise<void> {
  try {
    const { value } = await work()
    outcomes.set(call, { value })
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    outcomes.set(call, { error, shared: false })
  }
}
