import type { EventSource } from '../events/event.ts'
import { rowOfKind, type EventKind } from '../events/kinds.ts'
import type { Graph } from '../graph/graph.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { isGraphId } from '../graph/shapes.ts'
import type { ReadCache } from './read-cache.ts'

/** What an event of the log says of Graph's objects. */
export interface Occurrence {
  readonly appId: string
  readonly kind: EventKind
  readonly source?: EventSource
  readonly field: string
  readonly solutionId: string | null
  readonly wabaId: string | null
  readonly ownerBusinessId: string | null
}

/** The objects that an event is about, and the lists that they may now be in or no longer: `events/kinds.ts` has them. */
export function evictionsOf(occurrence: Occurrence): readonly string[] {
  const { kind, source, field, solutionId, wabaId, ownerBusinessId } = occurrence
  const { evicts, alsoEvicts } = rowOfKind(kind)
  if (evicts === 'ALERT') return evictionsOfAlert(field, wabaId)
  // What the automatic rule makes of an account says nothing of Graph.
  if (evicts === 'NOTHING' || field === 'auto_onboard') return []
  return [
    ...[solutionId, wabaId, ownerBusinessId].filter((id) => id !== null),
    ...(alsoEvicts === undefined ? [] : lists[alsoEvicts](occurrence)),
    // Whatever happens to an account may concern its numbers, and no event names them.
    ...(wabaId === null ? [] : ['PhoneNumber']),
    ...(kind === 'OTHER' && source === 'GATEWAY' ? everyList : []),
  ]
}

/** Of a write that was refused, or that nobody knows the outcome of, the event does not say what it may have made. */
const everyList = ['whatsapp_business_solutions', 'client_whatsapp_business_accounts', 'CreditAllocation']

const lists = {
  SOLUTION_LISTS: ({ appId, solutionId }: Occurrence) =>
    solutionId === null ? [] : [listName(appId, 'whatsapp_business_solutions')],
  // They are a portfolio's, and the event names the app.
  ACCOUNT_LISTS: () => ['client_whatsapp_business_accounts'],
  // The event names the account and the portfolio, and not the record.
  CREDIT_ALLOCATIONS: () => ['CreditAllocation'],
}

/**
 * Numbers are named by their digits, if at all, and limits are a portfolio's: so all of them, with the account, whose
 * answer may hold its numbers. A template or a provider of payments changes nothing that is shown of an account.
 */
function evictionsOfAlert(field: string, wabaId: string | null): readonly string[] {
  if (wabaId === null || field.includes('template') || field === 'payment_configuration_update') return []
  if (field === 'account_review_update') return [wabaId]
  const isOfPortfolio = field === 'business_capability_update' || field === 'account_alerts'
  return [wabaId, 'PhoneNumber', ...(isOfPortfolio ? ['Business'] : [])]
}

/** What to evict when a list has changed: the object whose list it is has its first page as well. */
export function ownersOf({ path: [owner = '', edge = ''] }: Endpoint<unknown>): readonly string[] {
  return [owner, listName(owner, edge)]
}

/** What to evict when a list may have more rows, or fewer. */
export const listName = (owner: string, edge: string): string => `${owner}/${edge}`

interface Caching {
  readonly cache: ReadCache
}

/**
 * For the event log: forgets what an event is about before anybody is told of it, and the tokens of accounts that have left.
 */
export function evicting({ cache }: Caching, { forgetLeft }: Pick<Graph, 'forgetLeft'>) {
  return {
    onEvents: (events: readonly Occurrence[]): void => {
      cache.evict(events.flatMap(evictionsOf))
      for (const event of events) if (rowOfKind(event.kind).turn === 'DEPARTURE') void forgetLeft(event)
    },
    onGap: (): void => cache.evictAll(),
  }
}

/** Graph, with whatever a write of ours names forgotten as soon as the write is over, however it ended. */
export function evictingWrites(graph: Graph, { cache }: Caching): Graph {
  const around = async <T>(endpoint: Endpoint<unknown>, run: () => Promise<T>): Promise<T> => {
    if (endpoint.method === 'GET' || endpoint.reads) return run()
    try {
      return await run()
    } finally {
      cache.evict(idsIn(endpoint))
    }
  }
  return {
    ...graph,
    call: (endpoint, ...rest) => around(endpoint, () => graph.call(endpoint, ...rest)),
    write: (endpoint, ...rest) => around(endpoint, () => graph.write(endpoint, ...rest)),
  }
}

function idsIn({ path, query = {}, body = {}, form }: Endpoint<unknown>): readonly string[] {
  const values = [...path, ...[query, body, form?.fields ?? {}].flatMap(Object.values)]
  return values.filter((value): value is string => typeof value === 'string' && isGraphId(value))
}
