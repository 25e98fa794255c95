import type { Answer, GraphCall } from '../graph/call.ts'
import { execute } from '../graph/execute.ts'
import type { Sim } from '../sim.ts'
import { routeName } from './route-name.ts'

/** The calls that change something; of the GETs those that use up a code or end a token. */
const isWrite = ({ method, path }: GraphCall): boolean => method !== 'GET' || path[0] === 'oauth'

/** Does the work and counts it as a write that happened, whatever becomes of the answer. */
export async function run(sim: Sim, call: GraphCall): Promise<Answer> {
  const answer = await execute(sim, call)
  if (answer.status === 200 && isWrite(call)) sim.journal.wrote(routeName(sim.world, call))
  return answer
}
