import type { AppConfig } from '../config/config.ts'
import type { GraphError } from '../graph/error.ts'
import type { Paced } from './reads.ts'

/**
 * Those of the missing accounts that Graph no longer opens to the app. A list that shifts between two pages, or comes
 * out empty for once, must not take leave of customers. The others are asked for again at the next look.
 */
export async function confirmGone(
  paced: Paced,
  app: AppConfig,
  wabaIds: readonly string[],
): Promise<{ gone: ReadonlySet<string>; error: GraphError | null }> {
  const gone = new Set<string>()
  let unasked: GraphError | null = null
  for (const [id, outcome] of await paced.together(wabaIds, (reads, id) =>
    reads.node('ClientWaba', id, { app }, ['id']),
  )) {
    if (!('error' in outcome)) continue
    if (isAnswer(outcome.error)) gone.add(id)
    else unasked ??= outcome.error
  }
  return { gone, error: unasked }
}

// "Does not exist, or is not yours": 100 with subcode 33. Without access to the account: 200, Meta's page "Access tokens".
const isAnswer = ({ kind }: GraphError): boolean => kind === 'not-found' || kind === 'permission'
