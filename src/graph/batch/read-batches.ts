import type { Deadline } from '../deadline.ts'
import { GraphError, asGraphError, outcomeOf } from '../error.ts'
import { prepareCall, type CallSettings, type PreparedCall } from '../prepare.ts'
import type { GraphRequest } from '../endpoint.ts'
import { type Upstream, observe, type Settled, learnFrom, type Attempt } from '../upstream/upstream.ts'
import { isProbe, mayLeave, attemptCall, noteAnswer, retryFrom, callWithRetries } from '../upstream/send.ts'
import { parseUsage } from '../budget/usage.ts'
import type { HttpReply } from '../transport.ts'
import { type BatchItem, composeBatch } from './batch-request.ts'

type Call = PreparedCall<unknown>

/** Reads that leave together, each distinct one once; the outcomes come in the order of the requests. */
export async function requestAll(
  upstream: Upstream,
  requests: readonly GraphRequest<unknown>[],
  settings: CallSettings,
  deadline: Deadline,
): Promise<readonly ReadOutcome[]> {
  const calls = mergeEqual(requests.map((request) => prepareRead(request, settings)))
  const outcomes = await readInBatches(upstream, [...new Set(calls.filter(isCall))], settings, deadline)
  return calls.map((call) =>
    isCall(call) ? (outcomes.get(call) ?? forgotten()) : { error: call, shared: false },
  )
}

function prepareRead(request: GraphRequest<unknown>, settings: CallSettings): Call | GraphError {
  try {
    const call = prepareCall(request, settings)
    return call.isRead ? call : new GraphError('input', 'Only reads leave together.')
  } catch (error) {
    return asGraphError(error)
  }
}

/** Puts the first of equal calls in the place of each; the proof in the target tells tokens apart. */
function mergeEqual(calls: readonly (Call | GraphError)[]): readonly (Call | GraphError)[] {
  const firsts = new Map<string, Call>()
  return calls.map((call) => {
    if (!isCall(call)) return call
    const key = JSON.stringify([call.appId, call.http.method, call.relative, call.body])
    const first = firsts.get(key)
    if (first !== undefined && first.expect === call.expect) return first
    firsts.set(key, call)
    return call
  })
}

function isCall(call: Call | GraphError): call is Call {
  return !(call instanceof GraphError)
}

function forgotten(): ReadOutcome {
  return { error: new GraphError('malformed', 'A read was left without an answer.'), shared: false }
}

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
  /** How often the calls of this round have been sent, with this time. */
  readonly attempt: number
}

export async function readInBatches(
  upstream: Upstream,
  calls: readonly Call[],
  settings: CallSettings,
  deadline: Deadline,
): Promise<ReadOutcomes> {
  const round: Round = { upstream, settings, deadline, outcomes: new Map(), attempt: 1 }
  const { ready, slow, lone } = sortOut(round, calls)
  await Promise.all([
    ...lone.map((call) => readAlone(round, call)),
    readPlanned(round, ready, noPauses),
    readPlanned(round, [...slow.keys()], slow),
  ])
  return round.outcomes
}

/**
 * Those that may not leave have their answer. The others leave together, but for those that no batch should wait for: of
 * an allowance that runs low, which wait together; and of a crowded object, or of what has been failing, each alone.
 */
function sortOut({ upstream, outcomes }: Round, calls: readonly Call[]) {
  const ready: Call[] = []
  const slow = new Map<Call, number>()
  const lone: Call[] = []
  for (const call of calls) {
    const pauseMs = admitted(upstream, call)
    if (pauseMs instanceof GraphError) outcomes.set(call, { error: pauseMs, shared: false })
    else if (isProbe(upstream, call) || call.slots.some((slot) => upstream.limiter.isFull(slot)))
      lone.push(call)
    else if (pauseMs > 0) slow.set(call, pauseMs)
    else ready.push(call)
  }
  return { ready, slow, lone }
}

/** For how long it is held back, or why it may not leave. */
function admitted(upstream: Upstream, call: Call): number | GraphError {
  try {
    return mayLeave(upstream, call)
  } catch (error) {
    return asGraphError(error)
  }
}

type Pauses = ReadonlyMap<Call, number>
const noPauses: Pauses = new Map()

async function readPlanned(round: Round, calls: readonly Call[], pauses: Pauses): Promise<void> {
  const { alone, batches } = planBatches(calls)
  const pauseOf = (items: readonly Call[]): number => Math.max(...items.map((call) => pauses.get(call) ?? 0))
  await Promise.all([
    ...alone.map((call) => readAlone(round, call)),
    ...batches.map((items) => readBatched(round, items, pauseOf(items))),
  ])
}

async function readAlone(round: Round, call: Call): Promise<void> {
  const { upstream, deadline, attempt } = round
  await conclude(round, call, async () =>
    retryFrom(upstream, call, deadline, await attemptCall(upstream, call, deadline, attempt), attempt),
  )
}

async function readBatched(round: Round, items: readonly [Call, ...Call[]], pauseMs: number): Promise<void> {
  const { deadline } = round
  try {
    if (pauseMs > 0) await deadline.pause(Math.min(pauseMs, deadline.leftMs() / 2))
    const begun = performance.now()
    const { value } = await callWithRetries(round.upstream, composeBatch(items, round.settings), deadline)
    const ms = performance.now() - begun
    const rows = items.map((call, index) => ({ call, item: value[index] ?? null }))
    const unfinished = rows.filter(({ item }) => item === null).map(({ call }) => call)
    const judged = rows.flatMap(({ call, item }) => (item === null ? [] : [judge(call, item)]))
    await Promise.all([
      ...judged.map((one) => readItem(round, one, judged, ms)),
      readUnfinished(round, unfinished, ms),
    ])
  } catch (failure) {
    const error = asGraphError(failure)
    for (const call of items) round.outcomes.set(call, { error, shared: true })
  }
}

interface Judged {
  readonly call: Call
  readonly outcome: Attempt<unknown>
  readonly progress: Settled['progress']
}

/** Whether Graph has taken the call's token for another one of its kind: then it is none to give up. */
function tokenWorks({ call }: Judged, judged: readonly Judged[]): boolean {
  const { who, resource } = call
  return judged.some(
    ({ call: other, outcome }) => 'value' in outcome && other.who === who && other.resource === resource,
  )
}

async function readItem(round: Round, one: Judged, judged: readonly Judged[], ms: number): Promise<void> {
  const { call, outcome, progress } = one
  const { upstream, deadline, attempt } = round
  const error = 'error' in outcome ? outcome.error : undefined
  if (error) noteAnswer(error, call, progress.headers)
  const works = error?.kind === 'token' && tokenWorks(one, judged)
  learnFrom(upstream, { call, attempt, progress, error, ms, inBatch: true, tokenWorks: works })
  await conclude(round, call, () => retryFrom(upstream, call, deadline, outcome, attempt))
}

const nothing = { status: null, headers: {} }
const noUsage = parseUsage({})

function judge(call: Call, item: Exclude<BatchItem, null>): Judged {
  if (item instanceof GraphError) return { call, outcome: { error: item }, progress: nothing }
  return { call, outcome: read(call, item), progress: item }
}

function read(call: Call, item: HttpReply): Attempt<unknown> {
  try {
    return { value: call.read(item), headers: item.headers }
  } catch (error) {
    return { error: asGraphError(error) }
  }
}

// Graph ends a batch that takes too long, and what it had not begun is null: it may be asked for again, together, and
// after that alone, should one of them be what takes so long. Nothing is known of it, so nobody learns from it, but for
// those who watch. Each request is paid for.
async function readUnfinished(round: Round, calls: readonly Call[], ms: number): Promise<void> {
  const { upstream, attempt, outcomes } = round
  const error = new GraphError('timeout', 'Graph did not get to this item of a batch.')
  for (const call of calls) {
    observe(upstream, { call, attempt, progress: nothing, error, ms, inBatch: true }, noUsage)
    outcomes.set(call, { error, shared: false })
  }
  const next = { ...round, attempt: attempt + 1 }
  const mayGo = ({ appId }: Call): boolean => upstream.retries.pay(appId)
  if (attempt > 1) await Promise.all(calls.filter(mayGo).map((call) => readAlone(next, call)))
  else if (calls.slice(0, 1).some(mayGo)) await readPlanned(next, calls, noPauses)
}

async function conclude(
  { outcomes }: Round,
  call: Call,
  work: () => Promise<{ readonly value: unknown }>,
): Promise<void> {
  const outcome = await outcomeOf(work())
  if ('error' in outcome) outcomes.set(call, { ...outcome, shared: false })
  else outcomes.set(call, { value: outcome.value.value })
}

// docs/graph-api/batch-requests
const MOST_ITEMS = 50

export interface BatchPlan {
  readonly alone: readonly Call[]
  readonly batches: readonly (readonly [Call, Call, ...Call[]])[]
}

/** Which reads leave as one. Each app has batches of its own: the outer token is the app's, and so is its proof. */
export function planBatches(calls: readonly Call[]): BatchPlan {
  const fit = calls.filter(({ isRead, credential }) => isRead && credential.kind !== 'none')
  const chunks = [...Map.groupBy(fit, (call) => call.appId).values()].flatMap(chunk)
  const batches = chunks.filter((items): items is [Call, Call, ...Call[]] => items.length > 1)
  const together = new Set(batches.flat())
  return { alone: calls.filter((call) => !together.has(call)), batches }
}

function chunk(calls: readonly Call[]): (readonly Call[])[] {
  const starts = Array.from(
    { length: Math.ceil(calls.length / MOST_ITEMS) },
    (_, index) => index * MOST_ITEMS,
  )
  return starts.map((start) => calls.slice(start, start + MOST_ITEMS))
}
