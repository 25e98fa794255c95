import { randomUUID } from 'node:crypto'
import { GraphQLError } from 'graphql'
import type { Logger } from 'pino'
import { CursorExpired, CursorRefused } from '../../events/page.ts'
import { StoreUnavailable } from '../../events/log.ts'
import { GraphError } from '../../graph/error.ts'
import { BudgetExceeded } from '../../reads/dispatch.ts'
import { ListChanged } from '../../reads/list-position.ts'
import { createScrubber } from '../../log.ts'
import { problemCodes, remedyOf } from '../../errors/problem.ts'
import { toProblem } from '../../problems.ts'

/**
 * What a client sees of an error: an expected one with its code, any other as an id under which the log has the reason.
 * The same in development and in production.
 */
export function createMask(logger: Logger, secrets: readonly string[]): (error: unknown) => Error {
  const scrub = createScrubber(secrets)
  return (error) => {
    const cause = rootOf(error)
    if (cause instanceof GraphQLError && isMeantForClient(cause, (error as GraphQLError).path))
      return withCode(error as GraphQLError)
    const shown = expected(cause, logger)
    if (shown) return like(error, scrub(shown.message), scrubbed(withTurn(shown.extensions), scrub))
    const id = randomUUID()
    logger.error({ err: cause, id }, 'an unexpected error')
    return like(error, 'Unexpected error.', { code: 'INTERNAL_SERVER_ERROR', id })
  }
}

function scrubbed(extensions: Shown['extensions'], scrub: (text: string) => string): Shown['extensions'] {
  const clean = (value: unknown) => (typeof value === 'string' ? scrub(value) : value)
  return Object.fromEntries(Object.entries(extensions).map(([key, value]) => [key, clean(value)]))
}

interface Shown {
  readonly message: string
  readonly extensions: Record<string, unknown>
}

function expected(error: unknown, logger: Logger): Shown | null {
  if (error instanceof BudgetExceeded) {
    const { message, allowed, found } = error
    return { message, extensions: { code: 'QUERY_TOO_LARGE', limit: 'units', allowed, found } }
  }
  if (error instanceof ListChanged)
    return { message: error.message, extensions: { code: 'LIST_CHANGED', resumeFrom: error.resumeFrom } }
  if (error instanceof GraphError) {
    const { kind, code, subcode, fbtraceId, details, message } = error
    if (kind === 'input') logger.info({ message }, 'input that cannot be used: Graph was not asked')
    else logger.warn({ kind, code, subcode, fbtraceId, details, message }, 'a call to Graph failed')
    return { message, extensions: graphExtensions(error) }
  }
  if (error instanceof CursorExpired)
    return { message: error.message, extensions: { code: 'CURSOR_EXPIRED', resumeFrom: error.resumeFrom } }
  if (error instanceof CursorRefused) return { message: error.message, extensions: { code: 'INVALID_INPUT' } }
  if (error instanceof StoreUnavailable) {
    logger.error({ err: error }, 'the event store cannot be used')
    const message = 'The event store cannot be used at the moment.'
    return { message, extensions: { code: 'STORE_UNAVAILABLE', retryable: true } }
  }
  return null
}

/** What the problem of a mutation would say, without its nulls. */
function graphExtensions(error: GraphError): Record<string, unknown> {
  const problem = toProblem(error)
  const { code, retryable, retryAfterSeconds } = problem
  const said = problem.type === 'GraphApiProblem' ? pick(problem, saidInErrors) : {}
  const all = { code, retryable, retryAfterSeconds, ...remedyOf(problem), ...said }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
}

const saidInErrors = [
  'graphCode',
  'graphSubcode',
  'fbtraceId',
  'details',
  'userTitle',
  'userMessage',
] as const

const pick = <T extends object, K extends keyof T>(from: T, keys: readonly K[]) =>
  Object.fromEntries(keys.map((key) => [key, from[key] ?? null]))

/**
 * The gateway's own errors have a code; those of graphql-js have none. Of the latter the client sees those about its
 * request: they have no path, as nothing runs yet, or name an argument. The rest would show internal values.
 */
function isMeantForClient({ extensions, message }: GraphQLError, path: unknown): boolean {
  return extensions['code'] !== undefined || path === undefined || message.startsWith('Argument ')
}

// Of a body that is no JSON, Yoga adds what the parser said of it, which quotes the body; and of a request that
// is no GraphQL request it tells 200 to who accepts application/json.
function withCode(error: GraphQLError): GraphQLError {
  const { code = 'BAD_USER_INPUT', originalError: _, ...others } = error.extensions
  const http = code === 'BAD_REQUEST' && { http: { status: 400, ...(others['http'] as object), spec: false } }
  return like(error, error.message, withTurn({ code, ...others, ...http }))
}

/** What Graph had no part in waits for whoever asked, or runs the gateway, unless its code says otherwise. */
function withTurn(extensions: Shown['extensions']): Shown['extensions'] {
  if ('waitsFor' in extensions || 'graphCode' in extensions) return extensions
  const known = problemCodes.find((code) => code === extensions['code'])
  const waitsFor = known ? remedyOf({ code: known }).waitsFor : 'US'
  return { ...extensions, waitsFor }
}

function rootOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error
}

function like(error: unknown, message: string, extensions: Record<string, unknown>): GraphQLError {
  if (!(error instanceof GraphQLError)) return new GraphQLError(message, { extensions })
  const { nodes, source, positions, path } = error
  return new GraphQLError(message, { nodes, source, positions, path, extensions })
}
