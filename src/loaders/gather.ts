import { GraphError } from '../graph/error.ts'
import type { GraphOutcome } from '../graph/graph.ts'
import { viewerKey } from '../graph/viewer.ts'
import { ask, type Asking } from './ask.ts'
import { Findings } from './findings.ts'
import { viewerOf, type Doubt, type Job } from './job.ts'
import { keepList } from './kept-lists.ts'
import { planReads, type Refusal } from './plan.ts'
import type { Refusals } from './refusals.ts'
import { settle, type Answer, type ListAnswer, type Step } from './settle.ts'
import type { Want } from './want.ts'

export interface Gathering extends Asking {
  /** What Graph has refused without saying which field it was: believed for this operation alone. */
  readonly vague: Refusals
}

// Each round leaves something out or asks for less at once: more than there are fields of one type and the types below it.
const maxRounds = 60

/**
 * Reads what was wanted in one tick: all calls of a round leave together, and all rounds have one deadline. Where the
 * operation has none, it counts from what began first.
 */
export async function readTogether(wants: readonly Want[], gathering: Gathering): Promise<unknown[]> {
  const findings = new Findings()
  const plan = planReads(wants, refusalIn(gathering))
  plan.failures.forEach((failure) => findings.addFailure(failure))
  const begun =
    gathering.bound?.begun ?? Math.min(...wants.map((want) => want.begun ?? Infinity), performance.now())
  let jobs = plan.jobs
  for (let round = 0; jobs.length > 0; round++) {
    const since = gathering.memory.cache.since
    const outcomes = round < maxRounds ? await ask(jobs, gathering, begun) : jobs.map(() => late)
    jobs = jobs.flatMap((job, index) =>
      take(job, settle(job, outcomes[index] ?? late), gathering, since, findings),
    )
  }
  return wants.map((want) => findings.of(want))
}

const late: GraphOutcome = { error: new GraphError('timeout', 'Graph has not answered in time.') }

export function refusalIn({ memory, vague }: Pick<Gathering, 'memory' | 'vague'>): Refusal {
  return (appId, type, field) => memory.refusals.of(appId, type, field) ?? vague.of(appId, type, field)
}

/** Notes what a call has come to. What is left has to be asked on. */
function take(job: Job, step: Step, gathering: Gathering, since: number, findings: Findings): readonly Job[] {
  if (step.learned) learn(viewerOf(job).app.appId, step.learned, gathering)
  step.answers?.forEach((answer) => {
    keep(answer, gathering, since)
    findings.addAnswer(answer)
  })
  step.lists?.forEach((answer) => {
    keepPage(answer, gathering, since)
    findings.addList(answer)
  })
  step.failures?.forEach((failure) => findings.addFailure(failure))
  return step.again ?? []
}

function learn(appId: string, { suspects, refusal, vague }: Doubt, gathering: Gathering): void {
  const refusals = vague ? gathering.vague : gathering.memory.refusals
  for (const suspect of suspects) refusals.remember(appId, suspect, refusal)
}

function keep({ job, asked, row }: Answer, { memory }: Gathering, since: number): void {
  const { type, id } = job
  memory.cache.keep({ viewer: viewerKey(job.viewer), type, id }, asked, row, since)
}

function keepPage({ want, fields: asked, outcome }: ListAnswer, { memory }: Gathering, since: number): void {
  if ('value' in outcome) keepList(memory, want, { value: outcome.value, asked }, since)
}
