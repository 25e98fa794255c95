import type { GraphError } from './error.ts'
import type { PreparedCall } from './prepare.ts'
import type { GraphObservation } from './request.ts'
import type { Progress } from './transport.ts'
import type { HeaderBag, Usage } from './usage.ts'

export type Observer = (observation: GraphObservation) => void

/** What a call has come to at one try. */
export interface Settled {
  readonly call: PreparedCall<unknown>
  readonly attempt: number
  readonly progress: Pick<Progress, 'status' | 'headers'>
  readonly error: GraphError | undefined
  readonly ms: number
  readonly inBatch: boolean
  /** The token was refused for this call and taken for others that left with it. */
  readonly tokenWorks?: boolean
}

interface Watched {
  readonly observe: Observer | undefined
  readonly version: string
}

export function observe({ observe: observer, version }: Watched, settled: Settled, usage: Usage): void {
  try {
    observer?.(describe(settled, usage, version))
  } catch {
    // Whoever watches must not change what happened to the call.
  }
}

function describe(
  { call, attempt, progress, error, ms, inBatch }: Settled,
  usage: Usage,
  version: string,
): GraphObservation {
  const answeredBy = otherVersion(progress.headers, version)
  return {
    method: call.http.method,
    route: call.route,
    status: progress.status,
    ms,
    attempt,
    inBatch,
    ...(error === undefined ? {} : { errorKind: error.kind }),
    ...(error?.code === undefined ? {} : { errorCode: error.code }),
    ...(usage.entries.length === 0 ? {} : { usage }),
    ...(answeredBy === null ? {} : { answeredBy }),
  }
}

// Meta's OpenAPI file declares this header. What Graph does with an ended version, no page says for certain.
function otherVersion(headers: HeaderBag, version: string): string | null {
  const header = [headers['facebook-api-version'] ?? []].flat()[0]
  if (header === undefined || header === version) return null
  return /^v[0-9.]{1,10}$/.test(header) ? header : 'unreadable'
}
