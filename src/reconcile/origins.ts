import { readOrigins, type OriginNode } from '../graph/endpoints/origins.ts'
import { GraphError } from '../graph/error.ts'
import { printFields } from '../graph/fields.ts'
import { statusFields } from '../solutions/fields.ts'
import { acceptsOnboarding, statusOf } from '../solutions/status.ts'
import type { Origin } from './events.ts'
import type { Read } from './reads.ts'

const solutions = { name: 'solutions', limit: 100, fields: ['id', ...statusFields] }
// The owner's name needs the customer's own token (guide "Share and revoke credit lines"); of the node
// `owner_business`, which Meta's Business SDK has, no page says so.
const ladder = [
  printFields(['id', { name: 'owner_business', fields: ['id'] }, solutions]),
  printFields(['id', solutions]),
]

/** Graph takes 50 ids at once. */
const most = 50

/**
 * Who owns these accounts, and which solution brought them. One that cannot be asked about now is left out, for the
 * next look; one that Graph refuses to speak of has an origin of nulls.
 */
export async function findOrigins(
  read: Read,
  wabaIds: readonly string[],
): Promise<{ origins: ReadonlyMap<string, Origin>; error: GraphError | null }> {
  const origins = new Map<string, Origin>()
  for (let from = 0; from < wabaIds.length; from += most) {
    const error = await learnSome(read, wabaIds.slice(from, from + most), origins)
    if (error) return { origins, error }
  }
  return { origins, error: null }
}

/** Together, and alone those that Graph left out, or all when it refused them for the sake of one. */
async function learnSome(
  read: Read,
  wabaIds: readonly string[],
  origins: Map<string, Origin>,
): Promise<GraphError | null> {
  const together = wabaIds.length > 1 ? await tellAbout(read, wabaIds, 0) : new Map<string, Origin>()
  if (together instanceof Map) for (const [id, origin] of together) origins.set(id, origin)
  else if (!isRefusal(together)) return together
  for (const id of wabaIds.filter((id) => !origins.has(id))) {
    const alone = await tellAboutOne(read, id)
    if (alone instanceof GraphError) return alone
    origins.set(id, alone)
  }
  return null
}

async function tellAboutOne(read: Read, id: string): Promise<Origin | GraphError> {
  for (const step of ladder.keys()) {
    const answer = await tellAbout(read, [id], step)
    if (answer instanceof Map) return answer.get(id) ?? nobody
    if (!isRefusal(answer)) return answer
  }
  return nobody
}

const nobody: Origin = { ownerBusinessId: null, solutionId: null }
const isRefusal = ({ kind }: GraphError): boolean =>
  kind === 'invalid' || kind === 'permission' || kind === 'not-found'

async function tellAbout(
  read: Read,
  wabaIds: readonly string[],
  step: number,
): Promise<Map<string, Origin> | GraphError> {
  try {
    const nodes = await read(readOrigins(wabaIds, ladder[step] ?? 'id'))
    return new Map(wabaIds.flatMap((id) => (nodes[id] ? [[id, originOf(nodes[id])] as const] : [])))
  } catch (error) {
    if (error instanceof GraphError) return error
    throw error
  }
}

/** The only solution, or the only one that onboards; with several nobody can say which it was. */
function originOf({ owner_business, solutions }: OriginNode): Origin {
  const all = solutions?.data ?? []
  const open = all.filter((node) => acceptsOnboarding(statusOf(node)))
  const [only, ...others] = all.length > 1 ? open : all
  const solutionId = only && others.length === 0 && !solutions?.after ? only.id : null
  return { ownerBusinessId: owner_business?.id ?? null, solutionId }
}
