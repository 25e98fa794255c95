import type { ZodType } from 'zod'
import type { Credential, TokenKind, Unsigned } from './viewer.ts'

export type GraphMethod = 'GET' | 'POST' | 'DELETE'

export interface GraphFile {
  /** Of the parameter. */
  readonly name: string
  readonly filename: string
  readonly type: string
  readonly bytes: Uint8Array
}

export interface GraphForm {
  readonly fields: Readonly<Record<string, string>>
  readonly files: readonly GraphFile[]
}

/** One Graph API call, complete but for the token. */
export interface Endpoint<T> {
  readonly method: GraphMethod
  /** Segments after the version: ids and edge names, nothing else. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON; only with POST. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Sent as multipart/form-data in place of a body. */
  readonly form?: GraphForm
  readonly token: TokenKind
  /** The call asks about a token of the viewer's, which goes into the parameter `input_token`. */
  readonly inspects?: Extract<TokenKind, 'business' | 'system'>
  /** A POST that changes nothing: it may be repeated, and travels with other reads. */
  readonly reads?: true
  /** A GET that uses up what it carries: sent once like a write, and of unknown outcome without an answer. */
  readonly once?: true
  /** Values of this call that no message may repeat: a code, a secret, a PIN. */
  readonly secrets?: readonly string[]
  /** The account whose allowance this uses up, where it is not the object of the path. */
  readonly about?: { readonly waba?: string }
  /** The type of the node that is read, where the path is no more than an id. */
  readonly node?: string
  readonly expect: ZodType<T>
}

export function get<T>(
  path: readonly string[],
  query: Record<string, string | undefined>,
  expect: ZodType<T>,
  token: TokenKind = 'system',
): Endpoint<T> {
  return { method: 'GET', path, query: withoutUndefined(query), token, expect }
}

export function post<T>(
  path: readonly string[],
  body: Record<string, unknown> | undefined,
  expect: ZodType<T>,
  token: TokenKind = 'system',
): Endpoint<T> {
  return { method: 'POST', path, ...(body && { body }), token, expect }
}

function withoutUndefined(query: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** One operation: what it has cost Graph so far, which the client adds up, and what its calls are by default. */
export interface Tally {
  /** HTTP requests that have left. */
  requests: number
  /** What Meta counts: each request, and each item of a batch. */
  units: number
  priority?: Priority
}

/**
 * Background work is the first to stop when an allowance runs low. What is read for a change (what it depends on, whether
 * it has happened, what came of it) stops with the writes, last.
 */
export type Priority = 'background' | 'foreground' | 'change'

export interface CallOptions {
  /** Ends a read. A write that has begun is finished, since stopping would only hide its outcome. */
  readonly signal?: AbortSignal | undefined
  readonly tally?: Tally | undefined
  readonly priority?: Priority | undefined
  /** `performance.now()` when what this is a part of began; the deadline counts from there. */
  readonly begun?: number | undefined
}

/** How a write is sent. */
export interface Sending extends CallOptions {
  /** Asked right before the first byte leaves, when nothing can hold it back any more: false sends nothing. */
  readonly mayLeave: () => boolean
}

/** A call with its token. */
export interface GraphRequest<T>
  extends Omit<Endpoint<T>, 'token' | 'inspects'>, CallOptions, Partial<Pick<Sending, 'mayLeave'>> {
  readonly credential: Credential | Unsigned
}
