import type { GraphError } from '../error.ts'
import type { UsageEntry } from '../usage.ts'
import { kindBudget, ownBudget, tokenBudget, type Budgeted } from './keys.ts'
import { percentOf } from './budget.ts'
import { cooldownScope } from './cooldown.ts'

type Entries = readonly UsageEntry[]

/** How full an answer calls each budget: of several figures for one, the highest. */
export function percentsIn(call: Budgeted, entries: Entries): ReadonlyMap<string, number> {
  const percents = new Map<string, number>()
  const { app, own, others } = sortOut(call, entries)
  const note = (lane: string, entry: UsageEntry): void =>
    void percents.set(lane, Math.max(percents.get(lane) ?? 0, percentOf(entry)))
  for (const entry of app) note(kindBudget(call), entry)
  if (call.object !== null) for (const entry of own.length > 0 ? own : others) note(ownBudget(call), entry)
  return percents
}

/** A budget that has to rest. */
export interface Rest {
  readonly lane: string
  /** Undefined when Graph does not say for how long. */
  readonly seconds: number | undefined
}

/** What a throttled answer puts to rest, each for the time that is its own. */
export function restsAfter(call: Budgeted, entries: Entries, error: GraphError): readonly Rest[] {
  const regaining = entries.filter(({ regainSeconds }) => regainSeconds !== null)
  const { app, own, others } = sortOut(call, regaining)
  const until = (named: Entries): number | undefined => longest(error.retryAfterSeconds, named)
  switch (cooldownScope(error)) {
    case null:
      return []
    case 'kind':
      return [{ lane: kindBudget(call), seconds: until([...app, ...others]) }]
    case 'token':
      return [{ lane: tokenBudget(call), seconds: until([...app, ...others]) }]
    case 'object':
      return [{ lane: ownBudget(call), seconds: until(own.length > 0 ? own : others) }]
  }
}

/**
 * The entries by what they speak of. WhatsApp's limits are those of an account and an app, and yet the key of the header
 * is the token's business in the words of Meta's page on rate limiting, and an account in its samples. So what names
 * nothing that was asked for is about it all the same, unless the header names that as well.
 */
function sortOut({ object }: Budgeted, entries: Entries) {
  const app = entries.filter(({ key }) => key === null)
  const own = entries.filter(({ key }) => key !== null && key === object)
  const others = entries.filter(({ key }) => key !== null && key !== object)
  return { app, own, others }
}

function longest(least: number | undefined, entries: Entries): number | undefined {
  const waits = [least, ...entries.map(({ regainSeconds }) => regainSeconds)]
  const known = waits.filter((wait) => typeof wait === 'number')
  return known.length > 0 ? Math.max(...known) : undefined
}
