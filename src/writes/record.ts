import { createHash } from 'node:crypto'
import {
  type Problem,
  type Said,
  gatewayProblem,
  invalidInput,
  type InvalidInputProblemType,
  problemCodes,
  problemTypes,
} from '../errors/problem.ts'
import type { Ctx } from '../context.ts'
import type { WriteAttempt, WriteId, WriteRecord } from '../events/writes.ts'
import type { SentWrite, Write, WriteOnRecord } from './write.ts'

/** Within this time after its beginning a write is sent, or not at all. */
export const sendWithinMs = 10_000
/** By the store's clock, as all that follows: after this time whoever began a write has an answer or is dead. */
const settledAfterMs = 25_000
/** After this time Graph will not do any more what it has not done. */
const certainAfterMs = 120_000

/** How often whoever waits for another looks, and how many times at most. */
export const pollMs = 100
export const pollsAtMost = 300

export type RecordDecision =
  /** Whoever has begun it is still at it. */
  | 'wait'
  /** It was begun and never sent. */
  | 'begin-again'
  /** It was sent, and nobody knows what came of it. */
  | 'look-up'
  | 'answer'
  /** Only a newer release knows what it is: it is neither sent nor changed. */
  | 'leave'

/** What to do about a write that is on record. */
export function decideForRecord({
  state,
  outcome,
  ageMs,
}: Pick<WriteRecord, 'state' | 'outcome' | 'ageMs'>): RecordDecision {
  if (state === 'done' || state === 'refused') return 'answer'
  if (state === 'unknown') return 'look-up'
  if (state === 'newer') return 'leave'
  if (ageMs < settledAfterMs) return 'wait'
  return outcome === null ? 'begin-again' : 'look-up'
}

/** How often somebody who waits asks whether whoever it waits for is alive: at each so many looks. */
const looksBetween = 10

/** Not more than this process can vouch for, whatever the store's clock says since it was set. */
export const ageOf = ({ earliest }: Pick<Ctx, 'earliest'>, { ageMs, startedAt }: WriteRecord): number =>
  Math.min(ageMs, earliest() - startedAt)

/**
 * The same, and nobody waits for an instance that is dead: `looks` is how often was looked before, null where that must not
 * count. One that only was stopped sends nothing that it has lost.
 */
export async function decideNow(
  ctx: Pick<Ctx, 'instance' | 'earliest'>,
  known: WriteRecord,
  looks: number | null,
): Promise<RecordDecision> {
  const { instance } = ctx
  const { holder } = known
  const ageMs = ageOf(ctx, known)
  const isReadBack = isReadBackBy(known, instance.id) && ageMs < settledAfterMs
  const decision = isReadBack ? 'wait' : decideForRecord({ ...known, ageMs })
  if (decision !== 'wait' || holder === null || looks === null || looks % looksBetween !== 0) return decision
  return (await instance.isAlive(holder)) ? 'wait' : decideForRecord({ ...known, ageMs: settledAfterMs })
}

/** Graph said that it is done, and another instance has yet to see whether it shows it. Those of this one have waited. */
const isReadBackBy = ({ state, unpublished, holder }: WriteRecord, own: string): boolean =>
  state === 'done' && unpublished !== undefined && holder !== null && holder !== own

/** Seconds until a write that cannot be seen at Graph has certainly not happened; 0 when it has not. */
export function secondsToCertainty(ageMs: number): number {
  return Math.max(0, Math.ceil((certainAfterMs - ageMs) / 1000))
}

export type WriteIdentity = Pick<Write<unknown>, 'app' | 'verb' | 'object' | 'key' | 'anyApp'>

export function idOf({ app: { appId }, verb, object, key, anyApp }: WriteIdentity): WriteId {
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
}: WriteIdentity & Pick<Write<unknown>, 'input'>): string {
  return digestOf(key === null && anyApp ? [appId, input] : input)
}

/**
 * The same in every release. What a request leaves out is not in the digest, so that a release which takes one more option
 * has the digest of one that does not know it: where it is not given, it is null, undefined or false.
 */
export function digestOf(input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(givenIn(input)))
    .digest('hex')
}

/** Without members that are not given, in the order of their names, and without the end of a list that is not given. */
function givenIn(input: unknown): unknown {
  if (Array.isArray(input)) return input.slice(0, input.findLastIndex(isGiven) + 1).map(givenIn)
  if (typeof input !== 'object' || input === null) return input
  const members = Object.entries(input).filter(([, value]) => isGiven(value))
  return Object.fromEntries(
    members.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, givenIn(value)]),
  )
}

const isGiven = (value: unknown): boolean => value !== null && value !== undefined && value !== false

/** An attempt of this process. */
export interface OwnAttempt extends WriteAttempt {
  /** Milliseconds since it was to begin, rather too many than too few. */
  elapsedMs(): number
}

/** A write that is on record with what was known before it. */
export interface BegunWrite<Before> extends Omit<WriteOnRecord<Before>, 'publishedAs'>, WriteAttempt {
  /** The app that began it. */
  readonly appId: string
  /** What Graph said when it was sent, of a write whose outcome is open. */
  readonly said?: Said
}

export const printBegun = ({ before, appId, said }: BegunWrite<unknown>): string =>
  JSON.stringify({ before, appId, said })

/** As it was put on record, by this version or an older one. */
export function readBegun<Before>(
  { outcome, token, startedAt }: WriteRecord,
  ownAppId: string,
): BegunWrite<Before> {
  const stored = JSON.parse(outcome ?? '{}') as Pick<BegunWrite<Before>, 'before' | 'said'> & {
    appId?: string
  }
  return { appId: ownAppId, ...stored, token, startedAt }
}

// The names in the store are those of its first version.
interface StoredSent extends Omit<SentWrite, 'createdId'> {
  readonly made: string
}

export const printSent = ({ createdId: made, ...sent }: SentWrite): string =>
  JSON.stringify({ made, ...sent } satisfies StoredSent)

/** What a record says of a write that has ended. */
export function readEnded({ outcome }: Pick<WriteRecord, 'outcome'>): SentWrite | Problem {
  const stored = JSON.parse(outcome ?? '{}') as StoredSent | { readonly problem: Problem }
  if ('problem' in stored) return inWordsOfToday(stored.problem)
  const { made: createdId, ...sent } = stored
  return { createdId, ...sent }
}

/** A problem of a kind that only a newer release has. */
function inWordsOfToday(problem: Problem): Problem {
  const { type, code, message } = problem
  const isKnown = problemTypes.includes(type) && problemCodes.includes(code)
  return isKnown ? problem : gatewayProblem('UPSTREAM_REFUSED', message)
}

/** What the schema says of the field `idempotencyKey`, of every mutation alike. */
export const keyDescription =
  'The same request with the same key gets the first outcome, also after a restart and from another instance, and is not ' +
  'sent again; another request with it is a CONFLICT. A refusal whose cause may pass frees it. 1 to 255 characters.'

/** What speaks against an idempotency key; PostgreSQL takes no text with a NUL in it. */
export function checkKey(key: string | null): InvalidInputProblemType | null {
  if (key === null || (key.length >= 1 && key.length <= 255 && !/\p{Cc}/u.test(key))) return null
  return invalidInput(
    ['input', 'idempotencyKey'],
    'A key has 1 to 255 characters, none of them a control character.',
  )
}
