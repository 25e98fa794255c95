import type { Ctx } from '../context.ts'
import { GraphError } from '../graph/error.ts'
import { toProblem } from '../problems.ts'
import { remedyOf } from '../remedy.ts'
import type { Seen } from '../loaders/seen.ts'
import { tellCredit } from './credit-step.ts'
import { factsOf, type Facts } from './facts.ts'
import { open, stepKinds, type Finding, type Step, type StepKind } from './step.ts'
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

  constructor(ctx: Ctx, waba: Seen<'ClientWaba'>) {
    this.appId = waba.viewer.app.appId
    this.wabaId = waba.id
    this.#facts = factsOf(ctx, waba)
  }

  steps(kinds: readonly StepKind[] = stepKinds): Promise<readonly Step[]> {
    return Promise.all(stepKinds.filter((kind) => kinds.includes(kind)).map((kind) => this.#step(kind)))
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
    return { kind, ...(gone ?? (await tellers[kind](facts))), failure: null }
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    const { waitsFor: who } = remedyOf(toProblem(error))
    const reason = `It could not be read: ${error.message}`
    return { kind, ...open('UNKNOWN', who, reason), failure: error.transient ? error : null }
  }
}
