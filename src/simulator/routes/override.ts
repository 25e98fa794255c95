import { invalid, missing } from '../graph/error.ts'
import type { Sim } from '../sim.ts'

/** Meta's page "Override webhooks": both or neither, at most 200 characters, and the address proves itself first. */
export async function verifiedOverride(
  sim: Sim,
  uri: string | undefined,
  token: string | undefined,
): Promise<string> {
  if (uri === undefined || uri === '') throw missing('override_callback_uri')
  if (token === undefined || token === '') throw missing('verify_token')
  if (uri.length > 200) throw invalid('Param override_callback_uri must be at most 200 characters long')
  await sim.verify(uri, token)
  return uri
}
