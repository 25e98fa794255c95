import { createHash } from 'node:crypto'
import type { AppConfig } from '../config.ts'
import type { Problem } from '../errors.ts'
import type { WriteId } from '../events/writes.ts'
import type { GraphError } from '../graph/error.ts'

/** A change at Graph, in the steps between which a process may die. Nothing in it that is stored may be a secret. */
export interface Write<Before, Refusal = never> {
  /** The app that acts. */
  readonly app: AppConfig
  /** What is done, e.g. `accept`. */
  readonly verb: string
  /** What it is done to, e.g. `solution:123`: while the outcome of one such write is open, no other is sent. */
  readonly object: string
  /** The caller's idempotency key: the same key again gives the first outcome. */
  readonly key: string | null
  /** All that makes it another request under one key. Only its digest is stored. */
  readonly input: unknown
  readonly about: About
  /**
   * Looks at what there is and decides. What it returns as `before` is stored as JSON before anything is sent.
   * `waited`: another write on the object came first, so what was read before may no longer be so.
   */
  prepare(waited: boolean): Promise<{ readonly before: Before } | { readonly refused: Refusal }>
  /** Sends once. Throws a GraphError when Graph refuses or no definite answer comes. */
  send(before: Before): Promise<Sent>
  /** Looks whether a write that was sent has happened. Null where Graph has no way to look. */
  readonly find: ((before: Before, startedAt: number) => Promise<Found>) | null
}

/** What the events of a write name. */
export interface About {
  readonly solutionId?: string | null
  readonly wabaId?: string | null
  readonly ownerBusinessId?: string | null
}

export interface Sent {
  /** Graph's id of what was made or changed. */
  readonly made: string
  readonly traceId: string | null
}

/** `not-made` only when Graph shows that it has not happened, `unknown` when that cannot be told. */
export type Found = { readonly made: string } | 'not-made' | 'unknown'
/** Graph has no way to look. */
export type Invisible = 'invisible'

export type Outcome<Refusal = never> =
  /** `repeated`: an earlier call with this key did it, and has told of it. */
  | (Sent & { readonly repeated: boolean })
  /** `error` only when Graph has just refused. */
  | { readonly problem: Problem; readonly error?: GraphError }
  /** Nothing was sent. */
  | { readonly refused: Refusal }

export function idOf(write: Pick<Write<unknown, unknown>, 'app' | 'verb' | 'object' | 'key'>): WriteId {
  const { app, verb, object, key } = write
  // A caller's key never meets a derived one.
  return { appId: app.appId, verb, key: key === null ? `object ${object}` : `key ${key}` }
}

export function digestOf(input: unknown): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex')
}
