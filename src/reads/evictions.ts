import type { Graph } from '../graph/graph.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { isGraphId } from '../graph/shapes.ts'
import type { ReadCache } from './read-cache.ts'

/** What an event of the log says of Graph's objects. */
export interface Occurrence {
  readonly appId: string
  readonly kind: string
  readonly field: string
  readonly solutionId: string | null
  readonly wabaId: string | null
  readonly ownerBusinessId: string | null
}

/** The objects that an event is about, and the lists that they may now be in or no longer. */
export function evictionsOf(occurrence: Occurrence): readonly string[] {
  const { appId, kind, field, solutionId, wabaId, ownerBusinessId } = occurrence
  if (kind === 'ACCOUNT_ALERT') return evictionsOfAlert(field, wabaId)
  if (saysNothingOfGraph(kind, field)) return []
  const objects = [solutionId, wabaId, ownerBusinessId].filter((id) => id !== null)
  const isSolutions = solutionId !== null && kind.startsWith('SOLUTION_')
  return [
    ...objects,
    ...(isSolutions ? [listName(appId, 'whatsapp_business_solutions')] : []),
    // Lists of accounts are a portfolio's, and the event names the app.
    ...(comesOrGoes.has(kind) ? ['client_whatsapp_business_accounts'] : []),
    // Whatever happens to an account may concern its numbers, and no event names them.
    ...(wabaId === null ? [] : ['PhoneNumber']),
    // It names the account and the portfolio, and not the record.
    ...(kind.startsWith('CREDIT_') ? ['CreditAllocation'] : []),
  ]
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

/** What a browser was told, and what the automatic rule makes of an account. */
const saysNothingOfGraph = (kind: string, field: string): boolean =>
  kind === 'SIGNUP_SESSION' || field === 'auto_onboard'

const comesOrGoes: ReadonlySet<string> = new Set([
  'CLIENT_WABA_ONBOARDED',
  'CLIENT_WABA_APP_INSTALLED',
  'CLIENT_WABA_APP_UNINSTALLED',
  'CLIENT_WABA_REMOVED',
])

/** What to evict when a list has changed: the object whose list it is has its first page as well. */
export function ownersOf({ path: [owner = '', edge = ''] }: Endpoint<unknown>): readonly string[] {
  return [owner, listName(owner, edge)]
}

/** What to evict when a list may have more rows, or fewer. */
export const listName = (owner: string, edge: string): string => `${owner}/${edge}`

interface Caching {
  readonly cache: ReadCache
}

/** For the event log: forgets what an event is about before anybody is told of it. */
export function evicting({ cache }: Caching) {
  return {
    onEvents: (events: readonly Occurrence[]): void => cache.evict(events.flatMap(evictionsOf)),
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
