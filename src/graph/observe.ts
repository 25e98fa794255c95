import type { GraphError } from './error.ts'
import type { PreparedCall } from './prepare.ts'
import type { GraphObservation } from './request.ts'
import type { Progress } from './transport.ts'
import { parseUsage, type HeaderBag } from './usage.ts'

export type Observer = (observation: GraphObservation) => void

export interface Attempt {
  readonly call: PreparedCall<unknown>
  readonly attempt: number
  readonly version: string
  readonly progress: Pick<Progress, 'status' | 'headers'>
  readonly error: GraphError | undefined
  readonly ms: number
  readonly inBatch: boolean
}

export function observe(observer: Observer | undefined, attempt: Attempt): void {
  try {
    observer?.(describe(attempt))
  } catch {
    // Whoever watches must not change what happened to the call.
  }
}

function describe({ call, attempt, version, progress, error, ms, inBatch }: Attempt): GraphObservation {
  const usage = parseUsage(progress.headers)
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
