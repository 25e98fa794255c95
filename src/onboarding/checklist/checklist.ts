import type { Ctx } from '../../context.ts'
import { GraphError } from '../../graph/error.ts'
import { toProblem } from '../../problems.ts'
import { remedyOf } from '../../errors/problem.ts'
import type { NodeHandle } from '../../reads/node-handle.ts'
import { blockersOf, type Blocker } from '../blockers/blockers.ts'
import { blockerFactsOf } from './blocker-facts.ts'
import { tellCredit } from './credit-step.ts'
import { factsOf, type Facts } from './facts.ts'
import { openSince } from './open-since.ts'
import { areTaken, open, stepKinds, type Finding, type Step, type StepKind } from './step.ts'
import { tellRegistered, tellShared, tellSubscribed, tellToken, withoutSharing } from './tell.ts'

const tellers: Readonly<Record<StepKind, (facts: Facts) => Promise<Finding>>> = {
  SHARED_WITH_PARTNER: tellShared,
  BUSINESS_TOKEN: tellToken,
  WEBHOOKS_SUBSCRIBED: tellSubscribed,
  CREDIT_SHARED: tellCredit,
  PHONE_NUMBER_REGISTERED: tellRegistered,
}

/** How far an account is, read now. A step costs its calls when it is asked for, and those of one tick go together. */
export class Checklist {
  /** The app that has the account so. */
  readonly appId: string
  readonly wabaId: string
  readonly #facts: Facts
  readonly #steps = new Map<StepKind, Promise<Step>>()
  #blockers: Promise<readonly Blocker[]> | undefined

  constructor(ctx: Ctx, waba: NodeHandle<'ClientWaba'>) {
    this.appId = waba.viewer.app.appId
    this.wabaId = waba.id
    this.#facts = factsOf(ctx, waba)
  }

  steps(kinds: readonly StepKind[] = stepKinds): Promise<readonly Step[]> {
    return Promise.all(stepKinds.filter((kind) => kinds.includes(kind)).map((kind) => this.#step(kind)))
  }

  /** What keeps the customer from sending, or soon will. Reads all of the steps. */
  blockers(): Promise<readonly Blocker[]> {
    return (this.#blockers ??= blockerFactsOf(this.#facts, this.steps()).then(blockersOf))
  }

  /** No step is open, and nothing known keeps the customer from sending. */
  async isComplete(): Promise<boolean> {
    const [steps, blockers] = await Promise.all([this.steps(), this.blockers()])
    return areTaken(steps) && !blockers.some(({ blocksSending }) => blocksSending)
  }

  #step(kind: StepKind): Promise<Step> {
    const step = this.#steps.get(kind) ?? tell(kind, this.#facts)
    this.#steps.set(kind, step)
    return step
  }
}

/** What cannot be read is UNKNOWN, never guessed. */
async function tell(kind: StepKind, facts: Facts): Promise<Step> {
  try {
    const gone = kind === 'SHARED_WITH_PARTNER' ? null : await withoutSharing(facts)
    const finding = gone ?? (await tellers[kind](facts))
    return { kind, ...finding, since: await sinceOf(kind, finding, facts), failure: null }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    const { waitsFor: who } = remedyOf(toProblem(error))
    const reason = `It could not be read: ${error.message}`
    return { kind, ...open('UNKNOWN', who, reason), since: null, failure: error.transient ? error : null }
  }
}

async function sinceOf(kind: StepKind, { state }: Finding, facts: Facts): Promise<number | null> {
  if (state === 'DONE' || state === 'NOT_NEEDED' || state === 'UNKNOWN') return null
  const history = await facts.history()
  if (kind !== 'CREDIT_SHARED') return openSince(kind, history)
  const { customer } = await facts.account()
  const revoked = (await facts.revocations()).filter(
    ({ ownerBusinessId }) => ownerBusinessId !== null && ownerBusinessId === customer?.businessId,
  )
  return openSince(
    kind,
    [...history, ...revoked].toSorted((a, b) => a.seq - b.seq),
  )
}
