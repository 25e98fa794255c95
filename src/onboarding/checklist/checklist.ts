import type { Ctx } from '../../context.ts'
import { GraphError, outcomeOf } from '../../graph/error.ts'
import { toProblem } from '../../problems.ts'
import { remedyOf } from '../../errors/problem.ts'
import type { NodeHandle } from '../../reads/node-handle.ts'
import { type Blocker, blockersOf } from '../blockers/blockers.ts'
import { creditStep } from './credit-step.ts'
import { type ChecklistFacts, checklistFacts } from './facts.ts'
import { areTaken, type StepFinding, open, type Step, type StepKind, stepKinds } from './step.ts'
import { registeredStep, sharedStep, subscribedStep, tokenStep, withoutSharing } from './steps.ts'
import type { StoredEvent } from '../../events/event.ts'
import { isDeparture, lastArrivalIn } from '../../accounts/arrival.ts'
import { readAudit } from '../../writes/audit.ts'
import type { PhoneNumberNode, WabaNode } from '../../graph/nodes.ts'
import type { AccountFacts, BlockerFacts, NumberFacts } from '../blockers/blocker.ts'
import { readReports } from '../blockers/reports.ts'
import { mayBeInApp } from '../../phone-numbers/numbers.ts'

const tellers: Readonly<Record<StepKind, (facts: ChecklistFacts) => Promise<StepFinding>>> = {
  SHARED_WITH_PARTNER: sharedStep,
  BUSINESS_TOKEN: tokenStep,
  WEBHOOKS_SUBSCRIBED: subscribedStep,
  CREDIT_SHARED: creditStep,
  PHONE_NUMBER_REGISTERED: registeredStep,
}

/**
 * The checklist of an account, read now. A step costs its calls only when it is asked for, and the calls of one tick are
 * sent together.
 */
export class Checklist {
  /** The app for which the checklist holds. */
  readonly appId: string
  readonly wabaId: string
  readonly #facts: ChecklistFacts
  readonly #steps = new Map<StepKind, Promise<Step>>()
  #blockers: Promise<readonly Blocker[]> | undefined

  constructor(ctx: Ctx, waba: NodeHandle<'ClientWaba'>) {
    this.appId = waba.viewer.app.appId
    this.wabaId = waba.id
    this.#facts = checklistFacts(ctx, waba)
  }

  steps(kinds: readonly StepKind[] = stepKinds): Promise<readonly Step[]> {
    return Promise.all(stepKinds.filter((kind) => kinds.includes(kind)).map((kind) => this.#step(kind)))
  }

  /** What keeps the customer from sending, or soon will. Reads all of the steps. */
  blockers(): Promise<readonly Blocker[]> {
    return (this.#blockers ??= blockerFactsOf(this.#facts, this.steps()).then(blockersOf))
  }

  /** True when no step is open and no known blocker keeps the customer from sending. */
  async isComplete(): Promise<boolean> {
    const [steps, blockers] = await Promise.all([this.steps(), this.blockers()])
    return areTaken(steps) && !blockers.some(({ blocksSending }) => blocksSending)
  }

  #step(kind: StepKind): Promise<Step> {
    const step = this.#steps.get(kind) ?? readStep(kind, this.#facts)
    this.#steps.set(kind, step)
    return step
  }
}

/** A step that cannot be read is UNKNOWN, never guessed. */
async function readStep(kind: StepKind, facts: ChecklistFacts): Promise<Step> {
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

async function sinceOf(
  kind: StepKind,
  { state }: StepFinding,
  facts: ChecklistFacts,
): Promise<number | null> {
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

type Undoes = (event: StoredEvent) => boolean

const wrote =
  (verb: string): Undoes =>
  ({ source, field, payload }) =>
    source === 'GATEWAY' && field === verb && readAudit(payload)?.outcome === 'DONE'

const isKind =
  (kind: StoredEvent['kind']): Undoes =>
  (event) =>
    event.kind === kind

/** The reconciliation's event that an account's webhooks no longer reach the app. */
const lostSubscription: Undoes = ({ source, field, event }) =>
  source === 'RECONCILED' && field === 'reconcile_subscription' && event === 'APP_NOT_SUBSCRIBED'

/** The events that undo a step. */
const undoing: Readonly<Record<StepKind, readonly Undoes[]>> = {
  SHARED_WITH_PARTNER: [isDeparture],
  BUSINESS_TOKEN: [isKind('CLIENT_WABA_APP_UNINSTALLED')],
  WEBHOOKS_SUBSCRIBED: [wrote('unsubscribe_app'), lostSubscription],
  CREDIT_SHARED: [isKind('CREDIT_REVOKED')],
  PHONE_NUMBER_REGISTERED: [wrote('deregister_phone_number'), isKind('PHONE_NUMBER_DISCONNECTED')],
}

/**
 * Since when a step has been open: since the event that undid it, otherwise since the customer arrived. Null when the
 * events, oldest first, contain neither.
 */
export function openSince(kind: StepKind, events: readonly StoredEvent[]): number | null {
  const arrival = lastArrivalIn(events)
  const last = events.findLast((event) => event === arrival || undoing[kind].some((undoes) => undoes(event)))
  return last?.occurredAt ?? null
}

/** The facts for the blockers, read together with the steps. What cannot be read is left out: no blocker is guessed. */
export async function blockerFactsOf(
  facts: ChecklistFacts,
  steps: Promise<readonly Step[]>,
): Promise<BlockerFacts> {
  // The steps wait for it as well, so all reads are sent to Graph together.
  const history = await facts.history()
  const [told, waba, numbers, lines, account, reports] = await Promise.all([
    steps,
    outcomeOf(facts.waba()),
    outcomeOf(facts.numbers()),
    outcomeOf(facts.lines()),
    facts.account(),
    facts.reports(),
  ])
  const now = facts.ctx.clock()
  return {
    now,
    arrivedAt: lastArrivalIn(history)?.occurredAt ?? null,
    isSolutionPartner: 'value' in lines ? lines.value.length > 0 : null,
    cameThroughSolution: (account.customer?.solutionId ?? null) !== null,
    steps: told,
    account: 'value' in waba ? accountFacts(waba.value) : null,
    numbers: 'value' in numbers ? numbers.value.data.map(numberFacts) : null,
    told: readReports(reports, now),
  }
}

const accountFacts = (node: Partial<WabaNode>): AccountFacts => ({
  status: node.status ?? null,
  reviewStatus: node.account_review_status ?? null,
  verificationStatus: node.business_verification_status ?? null,
  health: node.health_status ?? null,
})

const numberFacts = (node: PhoneNumberNode): NumberFacts => ({
  id: node.id,
  displayNumber: node.display_phone_number ?? null,
  status: node.status ?? null,
  verification: node.code_verification_status ?? null,
  nameStatus: node.name_status ?? null,
  newNameStatus: node.new_name_status ?? null,
  quality: node.quality_rating ?? null,
  inApp: mayBeInApp(node),
  health: node.health_status ?? null,
})
