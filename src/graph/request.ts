import type { ZodType } from 'zod'
import type { GraphErrorKind } from './error.ts'
import type { Usage } from './usage.ts'

export type GraphMethod = 'GET' | 'POST' | 'DELETE'

/** One token of one app. The kind is part of an operation and is never replaced by a stronger one. */
export interface Credential {
  readonly appId: string
  readonly kind: 'system' | 'business' | 'user' | 'app'
  readonly token: string
  readonly appSecret: string
}

export interface GraphRequest<T> {
  readonly method: GraphMethod
  /** Segments after the version: ids and edge names, nothing else. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>> | undefined
  /** Sent as JSON; only with POST. */
  readonly body?: Readonly<Record<string, unknown>> | undefined
  readonly credential: Credential
  /** Ends a read. A write that has begun is finished, since stopping would only hide its outcome. */
  readonly signal?: AbortSignal | undefined
  readonly expect: ZodType<T>
}

/** What one HTTP request came to. Holds nothing secret, and no id. */
export interface GraphObservation {
  readonly method: GraphMethod
  /** `/{id}/partners` */
  readonly route: string
  /** Null when no answer came. */
  readonly status: number | null
  readonly ms: number
  readonly attempt: number
  readonly errorKind?: GraphErrorKind
  readonly errorCode?: number
  readonly usage?: Usage
  /** The version that answered, when it is not the one that was asked. */
  readonly answeredBy?: string
}
