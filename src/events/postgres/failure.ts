import { DatabaseError } from 'pg'
import { LeaseLost } from '../leases.ts'
import { StoreUnavailable } from '../log.ts'

// What was asked is to blame: bad data, broken constraint, limit exceeded, wrong SQL.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const faulty = new Set(['22', '23', '54', '42'])

/** What was asked cannot be done, by this store or a restored one. Everything else may pass. */
export function isFaulty(error: unknown): boolean {
  if (error instanceof DatabaseError) return faulty.has(error.code?.slice(0, 2) ?? '')
  return error instanceof RangeError || error instanceof TypeError
}

/** What the caller is told: StoreUnavailable when the store is to blame, else the error as it is. */
export function asStoreError(error: unknown): unknown {
  if (isFaulty(error) || error instanceof StoreUnavailable || error instanceof LeaseLost) return error
  return new StoreUnavailable(`The event store cannot be used: ${reasonOf(error)}`, { cause: error })
}

/** One line. A connection that was tried at several addresses fails with one error for each, and none of its own. */
export function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : String(first)
}
