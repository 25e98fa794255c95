import type { AppConfig } from '../config/config.ts'
import type { Problem } from '../errors/problem.ts'
import type { EventKind } from '../events/kinds.ts'
import type { Sending } from '../graph/endpoint.ts'

/**
 * A change at Graph, as a verb declares it to `runWrite`: how to read what it changes, when it is not sent, how it is sent,
 * and what a reading says of its outcome. A process may die between any two steps. Nothing in it that is stored may be a
 * secret, and no digest may be of something that can be guessed.
 *
 * `State`: what is read before and after. `After`: what is read back, where that is something else. `Refusal`: why it is not
 * sent. `Before`: what is on record while it is out, as JSON.
 */
export interface Write<State, After = State, Refusal = Problem, Before = State> {
  /** The app that acts. */
  readonly app: AppConfig
  /** What is done, e.g. `accept`. */
  readonly verb: string
  /**
   * What it is done to, e.g. `solution:123`. While one such write is out, no other is sent, whatever its key and whoever's;
   * and without a key, not while the outcome of one is open.
   */
  readonly object: string
  /** It does the same to the object whichever app of ours acts: so none of them sends it while that of another is open. */
  readonly anyApp?: true
  /** The caller's idempotency key: the same key again gives the first outcome. */
  readonly key: string | null
  /** All that makes it another request under one key. Only its digest is stored. */
  readonly input: unknown
  readonly about: AboutWrite
  /** Why it is not sent, as far as that is known without Graph. */
  check?(): Refusal | null
  /**
   * How things stand at Graph now. `anew`: something was sent, or another write on the object came first, so what the verb
   * has read before may no longer be so.
   */
  readState(anew: boolean): Promise<State>
  /** Why it is not sent as things stand. */
  refuse?(state: State): Refusal | null | Promise<Refusal | null>
  /** What sending takes besides, e.g. a token: asked for while the state is read. */
  prepareSend?(): Promise<void>
  /** What goes on record, and into the audit, before it is sent; the state itself when left out. */
  record?(state: State): Before | Promise<Before>
  /**
   * Sends once, as `sending` says: not when another may have taken it over by then. Throws a GraphError when Graph refuses
   * or no definite answer comes.
   */
  send(before: Before, sending: Sending): Promise<SentWrite>
  /**
   * What a state says of this write. `sent`: what is on record of it; null before it is sent, when what is as it should be
   * is not sent. Null where Graph has no way to show that it was done.
   */
  readonly outcomeIn: ((state: State, sent: WriteOnRecord<Before> | null) => LookUp | Promise<LookUp>) | null
  /** Reads what was done. Without it, the state is read again, and a write that it does not show is unknown. */
  readBack?(createdId: string): Promise<After>
  /** What its event says. `after` is null as long as nothing is read back, and when nothing can be. */
  publishes(createdId: string, after: After | null): EventOfWrite
  /** Of what Graph refused: whether the key may be used again. Without it, what may pass frees the key. */
  readonly frees?: (problem: Problem) => boolean
}

/** What the events of a write name. */
export interface AboutWrite {
  readonly solutionId?: string | null
  readonly wabaId?: string | null
  readonly ownerBusinessId?: string | null
}

/** What is known of a write that was sent, whoever sent it. */
export interface WriteOnRecord<Before> {
  readonly before: Before
  readonly startedAt: number
  /** What the dedupe keys of its own events begin with: they may be in the log although its record is still open. */
  readonly publishedAs: string
}

/** What Graph answered to a write. */
export interface SentWrite {
  /** Graph's id of what was made or changed. */
  readonly createdId: string
  readonly traceId: string | null
  /** What of Graph's answer is shown and kept beside that; nothing secret. Left out when there is nothing. */
  readonly answered?: unknown
}

/**
 * `not-made` only when Graph shows that it has not happened, `unknown` when that cannot be told now, `invisible` when nothing
 * will ever show it.
 */
export type LookUp = { readonly createdId: string } | 'not-made' | 'unknown' | 'invisible'

/** What the event of a write that was done says. */
export interface EventOfWrite {
  readonly kind: EventKind
  /** Ids of the apps that take part. Without them, the acting app alone. */
  readonly takingPart?: readonly string[]
  /** Beside, or in place of, what the write said it is about. */
  readonly about?: AboutWrite
  /** What was known before, when it is not what the write was begun with. */
  readonly before?: unknown
  /** As read back, or what is known of it without; null when nothing is. */
  readonly after?: unknown
  readonly reportedStatus?: string | null
}

/** A write that is done. */
export interface DoneWrite<After> extends SentWrite {
  /** An earlier call with this key did it. */
  readonly repeated: boolean
  /** As read back; null when it could not be read. */
  readonly after: After | null
}
