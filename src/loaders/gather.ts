import { GraphError } from '../graph/error.ts'
import type { CallOptions, Graph, GraphOutcome, GraphRead } from '../graph/graph.ts'
import { viewerKey } from '../graph/viewer.ts'
import { Findings } from './findings.ts'
import { toRead, type Doubt, type Job } from './job.ts'
import type { ReadMemory } from './memory.ts'
import { planReads, type Refusal } from './plan.ts'
import type { Refusals } from './refusals.ts'
import { settle, type Answer, type Step } from './settle.ts'
import { endpointKey, type Want } from './want.ts'

export interface Gathering {
  readonly graph: Graph
  readonly memory: ReadMemory
  readonly options: CallOptions & { readonly signal: AbortSignal }
  /** What Graph has refused without saying which field it was: believed for this operation alone. */
  readonly vague: Refusals
  /** Nothing that was asked before this began is good enough. */
  readonly fresh: boolean
}

// Each round leaves something out or asks for less at once, so this many are never needed.
const maxRounds = 20

/** Reads what was wanted in one tick: all calls of a round leave together, and all rounds have one deadline. */
export async function readTogether(wants: readonly Want[], gathering: Gathering): Promise<unknown[]> {
  const findings = new Findings()
  const plan = planReads(wants, refusalIn(gathering))
  plan.failures.forEach((failure) => findings.addFailure(failure))
  const begun = performance.now()
  let jobs = plan.jobs
  for (let round = 0; jobs.length > 0; round++) {
    const since = gathering.memory.cache.since
    const outcomes = round < maxRounds ? await ask(jobs, gathering, begun) : jobs.map(() => late)
    jobs = jobs.flatMap((job, index) =>
      take(settle(job, outcomes[index] ?? late), gathering, since, findings),
    )
  }
  return wants.map((want) => findings.of(want))
}

const late: GraphOutcome = { error: new GraphError('timeout', 'Graph has not answered in time.') }

export function refusalIn({ memory, vague }: Pick<Gathering, 'memory' | 'vague'>): Refusal {
  return (type, field) => memory.refusals.of(type, field) ?? vague.of(type, field)
}

/** Notes what a call has come to. What is left has to be asked on. */
function take(step: Step, gathering: Gathering, since: number, findings: Findings): readonly Job[] {
  if (step.learned) learn(step.learned, gathering)
  step.answers?.forEach((answer) => {
    keep(answer, gathering, since)
    findings.addAnswer(answer)
  })
  step.lists?.forEach((answer) => findings.addList(answer))
  step.failures?.forEach((failure) => findings.addFailure(failure))
  return step.again ?? []
}

function learn({ suspects, refusal, vague }: Doubt, gathering: Gathering): void {
  const refusals = vague ? gathering.vague : gathering.memory.refusals
  for (const suspect of suspects) refusals.remember(suspect, refusal)
}

function keep({ job, id, asked, row }: Answer, { memory }: Gathering, since: number): void {
  memory.cache.keep({ viewer: viewerKey(job.viewer), type: job.type, id }, asked, row, since)
}

/** The outcomes in the order of the jobs. What somebody else with the same credential is asking is waited for. */
async function ask(
  jobs: readonly Job[],
  { graph, memory, fresh, ...gathering }: Gathering,
  begun: number,
): Promise<readonly GraphOutcome[]> {
  const options = { ...gathering.options, begun }
  const since = memory.cache.since
  const reads = jobs.map(toRead)
  const keys = reads.map(({ endpoint, as }) => endpointKey(endpoint, as))
  const shared = keys.map((key) => (fresh ? null : memory.flights.find(key, since, begun)))
  const own = reads.filter((_, index) => !shared[index])
  const asked = own.length > 0 ? graph.readAll(own, options) : Promise.resolve([])
  let next = 0
  const outcomes = reads.map((read, index) => {
    const other = shared[index]
    if (other) return other.then((outcome) => (isAborted(outcome) ? again(read, graph, options) : outcome))
    const place = next++
    const outcome = asked.then((all) => all[place] as GraphOutcome)
    memory.flights.add(keys[index] as string, { outcome, since, begun })
    return outcome
  })
  return Promise.all(outcomes)
}

/** Whoever asked first has left, and took the call along. */
async function again(read: GraphRead, graph: Graph, options: CallOptions): Promise<GraphOutcome> {
  const [outcome] = await graph.readAll([read], options)
  return outcome as GraphOutcome
}

function isAborted(outcome: GraphOutcome): boolean {
  return 'error' in outcome && outcome.error.kind === 'aborted'
}
