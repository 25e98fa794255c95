import type { AppConfig } from '../config/config.ts'
import type { SolutionNode, WabaNode } from '../graph/nodes.ts'
import type { GraphError } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { Page } from '../graph/paging.ts'
import type { ReadNode } from '../reads/plan.ts'
import { statusFields } from '../solutions/fields.ts'
import { acceptsOnboarding, statusOf } from '../solutions/lifecycle.ts'
import type { Origin } from './compare.ts'
import type { PacedReads } from './paced-reads.ts'

// The owner's name would need the customer's own token (guide "Share and revoke credit lines"). Of the node
// `owner_business`, which Meta's Business SDK has, no page says so.
const originFields: FieldTree = [
  'id',
  { name: 'owner_business', fields: ['id'] },
  { name: 'solutions', limit: 100, fields: ['id', ...statusFields] },
]

/**
 * Reads the owner of each account and the solution through which it came. An account that cannot be read now is left out,
 * for the next run; what Graph refuses to show is null. `error` is the first of either.
 */
export async function findOrigins(
  paced: PacedReads,
  app: AppConfig,
  wabaIds: readonly string[],
): Promise<{ origins: ReadonlyMap<string, Origin>; error: GraphError | null }> {
  const origins = new Map<string, Origin>()
  let error: GraphError | null = null
  const found = await paced.together(wabaIds, (reads, id) =>
    reads.read('ClientWaba', id, { app }, originFields),
  )
  for (const [id, outcome] of found) {
    const failures = 'error' in outcome ? [outcome.error] : failuresIn(outcome.value)
    error ??= failures[0] ?? null
    if (failures.some(isForNow)) continue
    origins.set(id, 'error' in outcome ? nobody : originIn(outcome.value.node))
  }
  return { origins, error }
}

const nobody: Origin = { ownerBusinessId: null, solutionId: null }

const failuresIn = ({ failures }: ReadNode): readonly GraphError[] => [...failures.values()]

const isForNow = ({ kind }: GraphError): boolean =>
  kind !== 'invalid' && kind !== 'permission' && kind !== 'not-found'

/**
 * The only solution of the account, or the only one that accepts onboarding. With several it is unknown which brought the
 * account.
 */
function originIn({ owner_business, solutions }: Partial<WabaNode>): Origin {
  const { data: all = [], after = null }: Partial<Page<SolutionNode>> = solutions ?? {}
  const open = all.filter((node) => acceptsOnboarding(statusOf(node)))
  const [only, ...others] = all.length > 1 ? open : all
  const solutionId = only && others.length === 0 && after === null ? only.id : null
  return { ownerBusinessId: owner_business?.id ?? null, solutionId }
}

/**
 * The missing accounts that Graph no longer opens to the app. A list that shifts between two pages, or that is empty once,
 * must not count as the departure of customers. Accounts that could not be read are read again in the next run.
 */
export async function confirmGone(
  paced: PacedReads,
  app: AppConfig,
  wabaIds: readonly string[],
): Promise<{ gone: ReadonlySet<string>; error: GraphError | null }> {
  const gone = new Set<string>()
  let unasked: GraphError | null = null
  for (const [id, outcome] of await paced.together(wabaIds, (reads, id) =>
    reads.node('ClientWaba', id, { app }, ['id']),
  )) {
    if (!('error' in outcome)) continue
    if (isDefinite(outcome.error)) gone.add(id)
    else unasked ??= outcome.error
  }
  return { gone, error: unasked }
}

// "Does not exist, or is not yours": 100 with subcode 33. Without access to the account: 200, Meta's page "Access tokens".
const isDefinite = ({ kind }: GraphError): boolean => kind === 'not-found' || kind === 'permission'
