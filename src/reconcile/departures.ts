import { readNode } from '../graph/endpoints/nodes.ts'
import { GraphError } from '../graph/error.ts'
import type { Read } from './reads.ts'

/**
 * Those of the missing accounts that Graph no longer opens to the app. A list that shifts between two pages, or comes
 * out empty for once, must not take leave of customers. The others are asked for again at the next look.
 */
export async function confirmGone(
  read: Read,
  wabaIds: readonly string[],
): Promise<{ gone: ReadonlySet<string>; error: GraphError | null }> {
  const gone = new Set<string>()
  for (const id of wabaIds) {
    const error = await read(readNode('ClientWaba', id, 'id', 'system')).then(() => null, expected)
    if (error && isAnswer(error)) gone.add(id)
    else if (error) return { gone, error }
  }
  return { gone, error: null }
}

// "Does not exist, or is not yours": 100 with subcode 33. Without access to the account: 200, Meta's page "Access tokens".
const isAnswer = ({ kind }: GraphError): boolean => kind === 'not-found' || kind === 'permission'

function expected(error: unknown): GraphError {
  if (error instanceof GraphError) return error
  throw error
}
