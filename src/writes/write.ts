import { createHash } from 'node:crypto'
import type { AppConfig } from '../config/config.ts'
import type { GatewayProblem, Problem } from '../errors/problem.ts'
import type { WriteId, WriteRecord } from '../events/writes.ts'
import type { GraphError } from '../graph/error.ts'
import type { EventOfWrite } from './record.ts'

/** A change at Graph, in the steps between which a process may die. Nothing in it that is stored may be a secret. */
export interface Write<Before, Refusal = never> {
  /** The app that acts. */
  readonly app: AppConfig
  /** What is done, e.g. `accept`. */
  readonly verb: string
  /** What it is done to, e.g. `solution:123`: while the outcome of one such write is open, no other is sent. */
  readonly object: string
  /** It does the same to the object whichever app of ours acts: so none of them sends it while that of another is open. */
  readonly anyApp?: true
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
  readonly lookUpOutcome: ((before: Before, startedAt: number) => Promise<LookUp>) | null
  /** Of what Graph refused: whether the key may be used again. Without it, what may pass frees the key. */
  readonly frees?: (problem: Problem) => boolean
  /** What its event says as long as nothing is read back: published so when whoever sent it dies before it knows more. */
  publishes(createdId: string): EventOfWrite
}

/** What the events of a write name. */
export interface About {
  readonly solutionId?: string | null
  readonly wabaId?: string | null
  readonly ownerBusinessId?: string | null
}

export interface Sent {
  /** Graph's id of what was made or changed. */
  readonly createdId: string
  readonly traceId: string | null
  /** What of Graph's answer is shown and kept beside that; nothing secret. Left out when there is nothing. */
  readonly answered?: unknown
}

/** `not-made` only when Graph shows that it has not happened, `unknown` when that cannot be told. */
export type LookUp = { readonly createdId: string } | 'not-made' | 'unknown'
/** Graph has no way to look. */
export type Invisible = 'invisible'

/** A write that Graph has done. */
export interface Done extends Sent {
  /** An earlier call with this key did it. */
  readonly repeated: boolean
  /** Publishes it to all who take part, with what was read back. Nothing when an earlier call has. */
  publish(read?: Omit<EventOfWrite, 'kind'>): Promise<void>
  /**
   * Graph said that it is done, and what was read back does not show it: published as unknown, and so it stays under its key.
   * Comes back with the problem, and with Graph's name of the call in it.
   */
  markUnknown(problem: GatewayProblem, after: unknown): Promise<GatewayProblem>
}

export type Outcome<Refusal = never> =
  | Done
  /** `error` only when Graph has just refused. */
  | { readonly problem: Problem; readonly error?: GraphError }
  /** Nothing was sent. */
  | { readonly refused: Refusal }

export type Identity = Pick<Write<unknown, unknown>, 'app' | 'verb' | 'object' | 'key' | 'anyApp'>

export function idOf({ app: { appId }, verb, object, key, anyApp }: Identity): WriteId {
  // A caller's key never meets a derived one, and is the app's own.
  if (key !== null) return { appId, verb, key: `key ${key}` }
  return { appId: anyApp ? 'any' : appId, verb, key: `object ${object}` }
}

/** Of another app it is another request, although it does the same. */
export function inputOf({
  app: { appId },
  key,
  anyApp,
  input,
}: Identity & Pick<Write<unknown, unknown>, 'input'>): string {
  return digestOf(key === null && anyApp ? [appId, input] : input)
}

export function digestOf(input: unknown): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('hex')
}

// The names in the store are those of its first version.
interface StoredSent extends Omit<Sent, 'createdId'> {
  readonly made: string
}

export const printSent = ({ createdId: made, ...sent }: Sent): string =>
  JSON.stringify({ made, ...sent } satisfies StoredSent)

/** What a record says that has ended, by this version or an older one. */
export function readEnded({ outcome }: Pick<WriteRecord, 'outcome'>): Sent | { readonly problem: Problem } {
  const stored = JSON.parse(outcome ?? '{}') as StoredSent | { readonly problem: Problem }
  if ('problem' in stored) return stored
  const { made: createdId, ...sent } = stored
  return { createdId, ...sent }
}
