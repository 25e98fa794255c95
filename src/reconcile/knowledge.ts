import type { StoredEvent } from '../events/event.ts'
import { kindsThat, rowOfKind } from '../events/kinds.ts'
import { solutionStatus, type SolutionStatus } from '../solutions/lifecycle.ts'
import { baselineAppId, baselineIn, isBaseline } from './baseline.ts'
import { accountAfter, type Fact, type Knowledge, type Presence, type Reach } from './facts.ts'
import { reachIn, stateIn, tellsOfSubscription } from './subscriptions.ts'
import { z } from 'zod'
import type { EventLog } from '../events/log.ts'

export function nothingKnown(appId: string): Knowledge {
  return {
    appId,
    upTo: 0,
    baseline: null,
    listed: { solutions: false, accounts: false },
    solutions: new Map(),
    accounts: new Map(),
    subscription: null,
    reach: new Map(),
    partners: new Set(),
  }
}

/** The knowledge in a baseline, with the log read up to where it was made. */
export function knownFrom(appId: string, event: StoredEvent): Knowledge {
  const draft = draftOf(nothingKnown(appId))
  adopt(draft, event)
  return { ...draft, upTo: baselineIn(event)?.upTo ?? 0 }
}

/** Applies events of this app and its baselines, in the order of `seq`. What was applied before changes nothing. */
export function fold(known: Knowledge, events: readonly StoredEvent[], upTo: number): Knowledge {
  const folding = foldFrom(known)
  folding.take(events, upTo)
  return folding.known
}

/** The same page by page: the knowledge is copied once, and not with every page. */
export function foldFrom(start: Knowledge) {
  const draft = draftOf(start)
  return {
    known: draft as Knowledge,
    take(events: readonly StoredEvent[], upTo: number): void {
      for (const event of events) applyEvent(draft, event)
      draft.upTo = upTo
    },
  }
}

type Draft = Omit<
  { -readonly [K in keyof Knowledge]: Knowledge[K] },
  'solutions' | 'accounts' | 'reach' | 'partners'
> & {
  readonly solutions: Map<string, Fact<SolutionStatus>>
  readonly accounts: Map<string, Fact<Presence>>
  readonly reach: Map<string, Fact<Reach>>
  readonly partners: Set<string>
}

function draftOf(known: Knowledge): Draft {
  const { solutions, accounts, reach, partners } = known
  return {
    ...known,
    solutions: new Map(solutions),
    accounts: new Map(accounts),
    reach: new Map(reach),
    partners: new Set(partners),
  }
}

function applyEvent(draft: Draft, event: StoredEvent): void {
  const { solutionId, wabaId } = event
  const { teaches } = rowOfKind(event.kind)
  switch (teaches) {
    case 'SOLUTION_STATUS':
      if (solutionId) note(draft.solutions, solutionId, solutionStatus(event.reportedStatus, null), event)
      break
    case 'SHARED':
      for (const id of partnersIn(event)) draft.partners.add(id)
      if (wabaId) noteAccount(draft.accounts, wabaId, teaches, event)
      break
    case 'INSTALLED':
      if (wabaId) noteAccount(draft.accounts, wabaId, teaches, event)
      break
    case 'GONE':
      if (wabaId) noteAccount(draft.accounts, wabaId, teaches, event)
      if (wabaId) draft.reach.delete(wabaId)
      break
    case 'APP_SUBSCRIPTION':
      if (isBaseline(event)) adopt(draft, event)
      else if (tellsOfSubscription(event)) draft.subscription = factIn(event, stateIn(event))
      break
    case 'ACCOUNT_SUBSCRIPTION':
      if (wabaId && tellsOfSubscription(event)) draft.reach.set(wabaId, factIn(event, reachIn(event)))
      break
    case undefined:
  }
}

/**
 * The newer state counts, by Meta's time and within a second by the order of the log: a webhook that arrives late changes
 * nothing back.
 */
function note<S extends string>(facts: Map<string, Fact<S>>, id: string, state: S, event: StoredEvent): void {
  const known = facts.get(id)
  const at = secondOf(event)
  if (known && known.seq >= event.seq) return
  if (!known || at >= known.at) facts.set(id, { state, at, seq: event.seq })
  else facts.set(id, { ...known, seq: event.seq })
}

function noteAccount(
  facts: Map<string, Fact<Presence>>,
  id: string,
  told: Presence,
  event: StoredEvent,
): void {
  const known = facts.get(id)
  if (known && known.seq >= event.seq) return
  facts.set(id, accountAfter(known, told, secondOf(event), event.seq))
}

const factIn = <S extends string>(event: StoredEvent, state: S): Fact<S> => ({
  state,
  at: secondOf(event),
  seq: event.seq,
})

const secondOf = ({ occurredAt }: StoredEvent): number => Math.floor(occurredAt / 1000)

/** A baseline that this version cannot read still counts as the last, so that the next one gets a key of its own. */
function adopt(draft: Draft, event: StoredEvent): void {
  draft.baseline = { seq: event.seq, at: event.occurredAt }
  const told = baselineIn(event)
  if (!told) return
  adoptFacts(draft.solutions, told.solutions)
  adoptFacts(draft.accounts, told.accounts)
  adoptFacts(draft.reach, told.reach)
  if ((draft.subscription?.seq ?? -1) < (told.subscription?.seq ?? -1)) draft.subscription = told.subscription
  for (const id of told.partners) draft.partners.add(id)
  draft.listed = {
    solutions: draft.listed.solutions || told.listed.solutions,
    accounts: draft.listed.accounts || told.listed.accounts,
  }
}

function adoptFacts<S extends string>(facts: Map<string, Fact<S>>, told: ReadonlyMap<string, Fact<S>>): void {
  for (const [id, fact] of told) if ((facts.get(id)?.seq ?? -1) < fact.seq) facts.set(id, fact)
}

// Meta's page "account_update", PARTNER_ADDED through a solution
const partnersShape = z.looseObject({
  waba_info: z.looseObject({
    solution_partner_business_ids: z.array(z.string().regex(/^[0-9]{1,20}$/)),
  }),
})

/** The portfolios of the partners in the solution that brought the account. */
export function partnersIn({ payload }: StoredEvent): readonly string[] {
  if (!payload.includes('solution_partner_business_ids')) return []
  const parsed = partnersShape.safeParse(JSON.parse(payload))
  return parsed.success ? parsed.data.waba_info.solution_partner_business_ids : []
}

const knowledgePageSize = 500

/** Whatever the comparison with Graph learns from. */
const knownKinds = kindsThat(({ teaches }) => teaches !== undefined)

/** Brings the knowledge up to the head of the log. Without earlier knowledge it begins with the newest baseline. */
export async function catchUp(log: EventLog, appId: string, held: Knowledge | null): Promise<Knowledge> {
  const filter = { appIds: [appId, baselineAppId(appId)], kinds: knownKinds }
  const { known, take } = foldFrom(held ?? (await beginning(log, appId)))
  for (;;) {
    const { from, events, upTo } = await log.readAfter(known.upTo, filter, knowledgePageSize)
    // The log may have been restored to an earlier time, so that it lacks some of what is known. And when retention has
    // deleted events that were not read yet, the newest baseline knows more.
    if (held && (upTo < known.upTo || from > known.upTo)) return catchUp(log, appId, null)
    take(events, upTo)
    if (events.length < knowledgePageSize) return known
  }
}

async function beginning(log: EventLog, appId: string): Promise<Knowledge> {
  const [newest] = await log.readBefore(Number.MAX_SAFE_INTEGER, { appIds: [baselineAppId(appId)] }, 1)
  return newest ? knownFrom(appId, newest) : nothingKnown(appId)
}
