import type { Deadline } from '../deadline.ts'
import { GraphError } from '../error.ts'
import { asGraphError } from '../outcome-of.ts'
import { prepareCall, type CallSettings, type PreparedCall } from '../prepare.ts'
import type { GraphRequest } from '../request.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { readInBatches, type ReadOutcome } from './read-all.ts'

type Call = PreparedCall<unknown>

/** Reads that leave together, each distinct one once; the outcomes come in the order of the requests. */
export async function requestAll(
  upstream: Upstream,
  requests: readonly GraphRequest<unknown>[],
  settings: CallSettings,
  deadline: Deadline,
): Promise<readonly ReadOutcome[]> {
  const calls = mergeEqual(requests.map((request) => prepareRead(request, settings)))
  const outcomes = await readInBatches(upstream, [...new Set(calls.filter(isCall))], settings, deadline)
  return calls.map((call) =>
    isCall(call) ? (outcomes.get(call) ?? forgotten()) : { error: call, shared: false },
  )
}

function prepareRead(request: GraphRequest<unknown>, settings: CallSettings): Call | GraphError {
  try {
    const call = prepareCall(request, settings)
    return call.isRead ? call : new GraphError('input', 'Only reads leave together.')
  } catch (error) {
    return asGraphError(error)
  }
}

/** Puts the first of equal calls in the place of each; the proof in the target tells tokens apart. */
function mergeEqual(calls: readonly (Call | GraphError)[]): readonly (Call | GraphError)[] {
  const firsts = new Map<string, Call>()
  return calls.map((call) => {
    if (!isCall(call)) return call
    const key = JSON.stringify([call.appId, call.http.method, call.relative, call.body])
    const first = firsts.get(key)
    if (first !== undefined && first.expect === call.expect) return first
    firsts.set(key, call)
    return call
  })
}

function isCall(call: Call | GraphError): call is Call {
  return !(call instanceof GraphError)
}

function forgotten(): ReadOutcome {
  return { error: new GraphError('malformed', 'A read was left without an answer.'), shared: false }
}
