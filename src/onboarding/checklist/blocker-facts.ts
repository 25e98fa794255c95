import type { PhoneNumberNode, WabaNode } from '../../graph/nodes.ts'
import { outcomeOf } from '../../graph/error.ts'
import { lastArrivalIn } from '../../accounts/arrival.ts'
import type { AccountFacts, BlockerFacts, NumberFacts } from '../blockers/facts.ts'
import { toldBy } from '../blockers/told.ts'
import { mayBeInApp } from '../../phone-numbers/numbers.ts'
import type { Facts } from './facts.ts'
import type { Step } from './step.ts'

/** What blockers are told from, read together with the steps. What cannot be read is left out: no blocker is guessed. */
export async function blockerFactsOf(facts: Facts, steps: Promise<readonly Step[]>): Promise<BlockerFacts> {
  // The steps wait for it too, and so all goes to Graph together.
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
    told: toldBy(reports, now),
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
