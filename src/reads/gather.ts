import DataLoader from 'dataloader'
import { GraphError } from '../graph/error.ts'
import { printFields } from '../graph/fields.ts'
import type { GraphOutcome } from '../graph/outcome-of.ts'
import { viewerKey } from '../graph/viewer.ts'
import { dispatch, type DispatchOptions } from './dispatch.ts'
import { ReadResults } from './read-results.ts'
import { scopeOfCall, viewerOf, type GraphCall } from './graph-call.ts'
import { insideOf } from './judge-refusal.ts'
import { keepList } from './kept-lists.ts'
import { leaveOut } from './leave-out.ts'
import { planReads, type SupportLookup } from './plan.ts'
import type { UnsupportedField, UnsupportedFields } from './unsupported-fields.ts'
import { failed, interpret, type Answer, type ListAnswer, type Step, type Trial } from './interpret.ts'
import { tryOut } from './trial.ts'
import type { ReadRequest } from './read-request.ts'

export interface Gathering extends DispatchOptions {
  /** What is refused of lists that this operation has met: their rows would be refused the same. */
  readonly met: UnsupportedFields
}

// Each round leaves something out or asks for less at once: more than there are fields of one type and the types below it.
const maxRounds = 60

/**
 * Reads what was wanted in one tick: all calls of a round leave together, and all rounds have one deadline. Where the
 * operation has none, it counts from what began first.
 */
export async function readTogether(wants: readonly ReadRequest[], gathering: Gathering): Promise<unknown[]> {
  const findings = new ReadResults()
  const plan = planReads(wants, refusalIn(gathering))
  plan.failures.forEach((failure) => findings.addFailure(failure))
  const begun =
    gathering.budget?.begun ?? Math.min(...wants.map((want) => want.begun ?? Infinity), performance.now())
  let jobs = plan.jobs
  for (let round = 0; jobs.length > 0; round++) {
    const since = gathering.memory.cache.since
    const outcomes = round < maxRounds ? await dispatch(jobs, gathering, begun) : jobs.map(() => late)
    const steps = jobs.map((job, index) => interpret(job, outcomes[index] ?? late, mayGuess(job, gathering)))
    const again = jobs.flatMap((job, index) => take(job, steps[index] ?? {}, gathering, since, findings))
    const tried = await tryAll(
      steps.flatMap(({ trial }) => trial ?? []),
      gathering,
      begun,
    )
    jobs = [...again, ...tried.flatMap(([job, step]) => take(job, step, gathering, since, findings))]
  }
  return wants.map((want) => findings.of(want))
}

const late: GraphOutcome = { error: new GraphError('timeout', 'Graph has not answered in time.') }

export function refusalIn({ memory, met }: Pick<Gathering, 'memory' | 'met'>): SupportLookup {
  return (appId, suspect, place) => memory.refusals.of(appId, suspect, place) ?? met.of(appId, suspect)
}

const mayGuess = (job: GraphCall, { memory }: Gathering): boolean =>
  !memory.refusals.isGivenUp(scopeOfCall(job))

/** Of calls that ask an app's objects of one type for the same, one is tried for all. */
async function tryAll(
  trials: readonly Trial[],
  gathering: Gathering,
  begun: number,
): Promise<readonly (readonly [GraphCall, Step])[]> {
  if (trials.length === 0) return []
  const loader = new DataLoader((jobs: readonly GraphCall[]) => dispatch(jobs, gathering, begun), {
    cache: false,
  })
  const verdictOn = (trial: Trial) => tryOut(trial, (job) => loader.load(job))
  const groups = await Promise.all(
    [...Map.groupBy(trials, likeness).values()].map(async ([first, ...others]) => {
      const verdict = first ? await verdictOn(first) : null
      // What is closed as a whole tells nothing of the others.
      const own = (other: Trial) => (verdict === null ? verdictOn(other) : verdict)
      const rest = await Promise.all(others.map(async (other) => [other, await own(other)] as const))
      return [...(first ? [[first, verdict] as const] : []), ...rest]
    }),
  )
  return groups.flat().map(([trial, lessons]) => [trial.job, afterTrial(trial, lessons)])
}

function likeness({ job, error }: Trial): string {
  if (error.kind === 'permission') return scopeOfCall(job).key
  const [type, tree] = insideOf(job)
  return `${viewerOf(job).app.appId} ${job.kind} ${type} ${printFields(tree)}`
}

function afterTrial({ job, error }: Trial, lessons: readonly UnsupportedField[] | null): Step {
  if (lessons === null) return { ...failed(job, error), isGivenUp: true }
  const { doubt } = job
  const all = [...(doubt?.lessons ?? []), ...lessons]
  return leaveOut(job, { lessons: all, steps: doubt?.steps ?? 0, isGuess: true, isLast: true })
}

/** Notes what a call has come to. What is left has to be asked on. */
function take(
  job: GraphCall,
  step: Step,
  gathering: Gathering,
  since: number,
  findings: ReadResults,
): readonly GraphCall[] {
  step.learned?.forEach((lesson) => learn(job, lesson, gathering, since))
  if (step.isGivenUp) gathering.memory.refusals.giveUp(scopeOfCall(job), since)
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

function learn(job: GraphCall, lesson: UnsupportedField, { memory, met }: Gathering, since: number): void {
  const { appId } = viewerOf(job).app
  memory.refusals.remember(appId, lesson, scopeOfCall(job), since)
  if (job.kind === 'list') met.remember(appId, { ...lesson, isOfPlace: false }, scopeOfCall(job), since)
}

function keep({ job, asked, row }: Answer, { memory }: Gathering, since: number): void {
  const { type, id } = job
  memory.cache.keep({ viewer: viewerKey(job.viewer), type, id }, asked, row, since)
}

function keepPage({ want, fields: asked, outcome }: ListAnswer, { memory }: Gathering, since: number): void {
  if ('value' in outcome) keepList(memory, want, { value: outcome.value, asked }, since)
}
