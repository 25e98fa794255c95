import type { ZodType } from 'zod'
import type { GraphForm } from './payload.ts'

/**
 * Whose token a call needs. Part of the operation, never the caller's choice, and never replaced by a
 * stronger one: `system` is the partner's own system user, `business` the customer's business token, `user` the token of
 * a person that came with the request and is forgotten with it, `app` the app's id and secret, for the app's own
 * settings. `none` sends neither token nor proof: the call proves itself by what it carries.
 */
export type TokenKind = 'system' | 'business' | 'user' | 'app' | 'none'

/** One Graph API call, complete but for the token. */
export interface Endpoint<T> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  /** Sent as multipart/form-data in place of a body. */
  readonly form?: GraphForm
  readonly token: TokenKind
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
