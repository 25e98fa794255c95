import DataLoader from 'dataloader'
import { GraphError, type GraphOutcome } from '../graph/error.ts'
import { printFields, nameOf, type FieldTree, mergeFields } from '../graph/fields.ts'
import { viewerKey } from '../graph/viewer.ts'
import { dispatch, type DispatchOptions } from './dispatch.ts'
import {
  scopeOfCall,
  viewerOf,
  type GraphCall,
  planReads,
  type SupportLookup,
  type ReadRequest,
  type ReadFailure,
  objectKey,
  type ListRequest,
  type NodeRequest,
  type ReadList,
  type ReadNode,
  type AnswerRow,
} from './plan.ts'
import {
  insideOf,
  afterProbe,
  interpret,
  type NodeAnswer,
  type ListAnswer,
  type NextStep,
  type FieldProbe,
} from './interpret.ts'
import { keepList, type ReadMemory } from './memory.ts'
import type { UnsupportedField, UnsupportedFields } from './unsupported-fields.ts'
import { findUnsupported } from './probe-fields.ts'

export interface BatchOptions extends DispatchOptions {
  readonly memory: ReadMemory
  /** What Graph refuses of lists that this operation has read: their rows would be refused the same. */
  readonly ofOperation: UnsupportedFields
}

// Each round leaves something out or asks for less at once: more than there are fields of one type and the types below it.
const maxRounds = 60

/** Reads what was requested in one tick: each round's calls leave together, until nothing is left to ask. */
export async function readBatch(
  requests: readonly ReadRequest[],
  options: BatchOptions,
): Promise<(ReadNode | ReadList | GraphError)[]> {
  const batch = new ReadBatch(options, begunOf(requests, options))
  const plan = planReads(requests, supportIn(options))
  plan.failures.forEach((failure) => batch.results.addFailure(failure))
  let { calls } = plan
  for (let round = 0; calls.length > 0; round++) calls = await batch.run(calls, round < maxRounds)
  return requests.map((request) => batch.results.of(request))
}

/** All rounds have one deadline: the operation's, or else that of the request that began first. */
function begunOf(requests: readonly ReadRequest[], { budget }: BatchOptions): number {
  return budget?.begun ?? Math.min(...requests.map(({ begun }) => begun ?? Infinity), performance.now())
}

const late: GraphOutcome = { error: new GraphError('timeout', 'Graph has not answered in time.') }

export function supportIn({
  memory,
  ofOperation,
}: Pick<BatchOptions, 'memory' | 'ofOperation'>): SupportLookup {
  return (appId, ref, scope) => memory.unsupported.of(appId, ref, scope) ?? ofOperation.of(appId, ref)
}

/** The calls of one tick, on their way. */
class ReadBatch {
  readonly results = new ReadResults()
  readonly #options: BatchOptions
  readonly #begun: number

  constructor(options: BatchOptions, begun: number) {
    this.#options = options
    this.#begun = begun
  }

  /** One round: comes back with what has to be asked next. */
  async run(calls: readonly GraphCall[], inTime: boolean): Promise<readonly GraphCall[]> {
    const { since } = this.#options.memory.cache
    const outcomes = inTime ? await this.#dispatch(calls) : calls.map(() => late)
    const steps = calls.map((call, index) => interpret(call, outcomes[index] ?? late, this.#mayGuess(call)))
    const next = calls.flatMap((call, index) => this.#note(call, steps[index] ?? {}, since))
    const tried = await this.#probeAll(steps.flatMap(({ probe }) => probe ?? []))
    return [...next, ...tried.flatMap(([call, step]) => this.#note(call, step, since))]
  }

  #dispatch(calls: readonly GraphCall[]): Promise<readonly GraphOutcome[]> {
    return dispatch(calls, this.#options, this.#begun)
  }

  #mayGuess(call: GraphCall): boolean {
    return !this.#options.memory.unsupported.isGivenUp(scopeOfCall(call))
  }

  /** Notes what a call has come to, and comes back with what has to be asked next. */
  #note(call: GraphCall, step: NextStep, since: number): readonly GraphCall[] {
    const { memory } = this.#options
    step.learned?.forEach((field) => this.#learn(call, field, since))
    if (step.isGivenUp) memory.unsupported.giveUp(scopeOfCall(call), since)
    for (const answer of step.answers ?? []) {
      const { type, id, viewer } = answer.call
      memory.cache.keep({ viewer: viewerKey(viewer), type, id }, answer.asked, answer.row, since)
      this.results.addAnswer(answer)
    }
    for (const list of step.lists ?? []) {
      const { request, fields, outcome } = list
      if ('value' in outcome) keepList(memory, request, { value: outcome.value, asked: fields }, since)
      this.results.addList(list)
    }
    step.failures?.forEach((failure) => this.results.addFailure(failure))
    return step.again ?? []
  }

  #learn(call: GraphCall, field: UnsupportedField, since: number): void {
    const { memory, ofOperation } = this.#options
    const { appId } = viewerOf(call).app
    const scope = scopeOfCall(call)
    memory.unsupported.remember(appId, field, scope, since)
    if (call.kind === 'list') ofOperation.remember(appId, { ...field, isOfScope: false }, scope, since)
  }

  /** Of calls that ask an app's objects of one type for the same, one is probed for all. */
  async #probeAll(probes: readonly FieldProbe[]): Promise<readonly (readonly [GraphCall, NextStep])[]> {
    if (probes.length === 0) return []
    const loader = new DataLoader((calls: readonly GraphCall[]) => this.#dispatch(calls), { cache: false })
    const findIn = (probe: FieldProbe) => findUnsupported(probe, (call) => loader.load(call))
    const groups = await Promise.all(
      [...Map.groupBy(probes, likeness).values()].map(async ([first, ...others]) => {
        const found = first ? await findIn(first) : null
        // What is closed as a whole tells nothing of the others.
        const own = (other: FieldProbe) => (found === null ? findIn(other) : found)
        const rest = await Promise.all(others.map(async (other) => [other, await own(other)] as const))
        return [...(first ? [[first, found] as const] : []), ...rest]
      }),
    )
    return groups.flat().map(([probe, found]) => [probe.call, afterProbe(probe, found)])
  }
}

function likeness({ call, error }: FieldProbe): string {
  if (error.kind === 'permission') return scopeOfCall(call).key
  const [type, tree] = insideOf(call)
  return `${viewerOf(call).app.appId} ${call.kind} ${type} ${printFields(tree)}`
}

interface ObjectResult {
  node: AnswerRow
  asked: FieldTree
  failure: GraphError | null
  readonly failures: Map<string, GraphError>
}

/** What the calls of one tick have brought, put together again by what was requested. */
class ReadResults {
  readonly #objects = new Map<string, ObjectResult>()
  readonly #lists = new Map<ListRequest, ListAnswer>()

  addAnswer({ call, asked, row }: NodeAnswer): void {
    const result = this.#ofObject(objectKey(call))
    result.node = { ...result.node, ...row }
    result.asked = result.asked.length === 0 ? asked : mergeFields(result.asked, asked)
  }

  addFailure({ key, field, error }: ReadFailure): void {
    const result = this.#ofObject(key)
    if (field === null) result.failure = error
    else result.failures.set(field, error)
  }

  addList(answer: ListAnswer): void {
    this.#lists.set(answer.request, answer)
  }

  of(request: ReadRequest): ReadNode | ReadList | GraphError {
    return request.kind === 'node' ? this.#node(request) : this.#list(request)
  }

  #list(request: ListRequest): ReadList | GraphError {
    const { outcome, fields } = this.#lists.get(request) ?? { outcome: { error: notFound() }, fields: [] }
    return 'error' in outcome ? outcome.error : { value: outcome.value, asked: fields }
  }

  /** An error when the object as a whole failed, or nothing is known of what was requested. */
  #node(request: NodeRequest): ReadNode | GraphError {
    const { node, asked, failure, failures } = this.#ofObject(objectKey(request))
    if (failure) return failure
    // By name: what lies below may have lost what Graph refuses there.
    const answered = new Set(asked.map(nameOf))
    const [missing, ...others] = request.fields.map(nameOf).filter((name) => !answered.has(name))
    const isBare = request.fields.every((field) => field === 'id' || !answered.has(nameOf(field)))
    if (missing !== undefined && isBare) {
      const refused = [missing, ...others].map((name) => failures.get(name)).find(Boolean)
      return refused ? { node, asked, failures, refused } : notFound()
    }
    return { node, asked, failures }
  }

  #ofObject(key: string): ObjectResult {
    const result = this.#objects.get(key) ?? { node: {}, asked: [], failure: null, failures: new Map() }
    this.#objects.set(key, result)
    return result
  }
}

function notFound(): GraphError {
  return new GraphError('not-found', 'Graph has no such object, or the app may not see it.')
}
