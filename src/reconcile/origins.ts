import type { AppConfig } from '../config/config.ts'
import type { SolutionNode, WabaNode } from '../graph/nodes.ts'
import type { GraphError } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { Page } from '../graph/paging.ts'
import type { ReadNode } from '../reads/plan.ts'
import { statusFields } from '../solutions/fields.ts'
import { acceptsOnboarding, statusOf } from '../solutions/status.ts'
import type { Origin } from './events.ts'
import type { Paced } from './reads.ts'

// The owner's name needs the customer's own token (guide "Share and revoke credit lines"); of the node
// `owner_business`, which Meta's Business SDK has, no page says so.
const fields: FieldTree = [
  'id',
  { name: 'owner_business', fields: ['id'] },
  { name: 'solutions', limit: 100, fields: ['id', ...statusFields] },
]

/**
 * Who owns these accounts, and which solution brought them. One that cannot be asked about now is left out, for the
 * next look; of one that Graph refuses to speak of, what it refuses is null. `error` is the first of either.
 */
export async function findOrigins(
  paced: Paced,
  app: AppConfig,
  wabaIds: readonly string[],
): Promise<{ origins: ReadonlyMap<string, Origin>; error: GraphError | null }> {
  const origins = new Map<string, Origin>()
  let error: GraphError | null = null
  const found = await paced.together(wabaIds, (reads, id) => reads.read('ClientWaba', id, { app }, fields))
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

/** The only solution, or the only one that onboards; with several nobody can say which it was. */
function originIn({ owner_business, solutions }: Partial<WabaNode>): Origin {
  const { data: all = [], after = null }: Partial<Page<SolutionNode>> = solutions ?? {}
  const open = all.filter((node) => acceptsOnboarding(statusOf(node)))
  const [only, ...others] = all.length > 1 ? open : all
  const solutionId = only && others.length === 0 && after === null ? only.id : null
  return { ownerBusinessId: owner_business?.id ?? null, solutionId }
}
