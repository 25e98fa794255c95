import type { ZodType } from 'zod'

/**
 * Whose token a call needs. Part of the operation, never the caller's choice, and never replaced by a
 * stronger one: `system` is the partner's own system user, `business` the customer's business token, `app` the
 * app's id and secret, for the app's own settings.
 */
export type TokenKind = 'system' | 'business' | 'app'

/** One Graph API call, complete but for the token. */
export interface Endpoint<T> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  readonly token: TokenKind
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
