import { type Clock, systemClock } from '../lib/clock.ts'
import type { AllowanceReading } from './budget/budgets.ts'
import type { Exchanged, GraphClient } from './client.ts'
import type { LeftCustomer } from '../events/tokens.ts'
import type { GivenToken, TokenOrigin } from './business-tokens.ts'
import { Credentials, type AnyCredential } from './credentials.ts'
import { raceSignal, startDeadline } from './deadline.ts'
import type { Endpoint, CallOptions, GraphRequest, Sending } from './endpoint.ts'
import { GraphError, type GraphOutcome, asGraphError } from './error.ts'
import type { TokenVault } from './token-vault.ts'
import { UnclaimedTokens } from './unclaimed-tokens.ts'
import { systemCredential, type Viewer } from './viewer.ts'

/** The Graph API as the rest of the gateway uses it: an endpoint, and who asks. */
export interface Graph {
  call<T>(endpoint: Endpoint<T>, as: Viewer, options?: AbortSignal | CallOptions): Promise<T>
  /** Reads that leave together, answered in their order. A failure stays with its own read. */
  readAll(reads: readonly GraphRead[], options?: AbortSignal | CallOptions): Promise<readonly GraphOutcome[]>
  /** One write, sent once. */
  write<T>(endpoint: Endpoint<T>, as: Viewer, sending: Sending): Promise<Written<T>>
  /** Keeps a customer's token that came for a code. Resolves when all instances have it, where they share tokens. */
  remember(as: Viewer, given: GivenToken): Promise<void>
  /** What is left of an app's allowance for one object, or of its own, without asking; null when nothing is known. */
  allowance(appId: string, objectId: string | null): AllowanceReading | null
  /** Whether instances share the customers' tokens that they have. */
  readonly sharesTokens: boolean
  /** Whether a token that came for a code is here and on no other instance. */
  holdsAlone(as: Viewer): boolean
  /** Where the customer's business token came from that is here; null when none is. */
  tokenOrigin(as: Viewer): TokenOrigin | null
  /** Forgets the tokens of an account that has left. */
  forgetLeft(of: LeftCustomer): Promise<void>
  readonly unclaimed: UnclaimedTokens
}

export interface GraphRead {
  readonly endpoint: Endpoint<unknown>
  readonly as: Viewer
}

export interface Written<T> {
  readonly value: T
  /** Graph's own name of the call, for Meta's support; null when it gave none. */
  readonly traceId: string | null
}

export interface GraphOptions {
  /** Decides when a customer's token is over. */
  readonly clock?: Clock
  /** A customer's token was given up because Graph no longer takes it. */
  readonly tokenDropped?: (appId: string) => void
  /** Where all instances keep customers' tokens; each has its own memory when left out. */
  readonly vault?: TokenVault | null
  /** The vault could not be read or written. */
  readonly vaultTroubled?: (error: unknown) => void
}

const nothing = (): void => {}

export function createGraph(
  client: GraphClient,
  {
    clock = systemClock,
    tokenDropped: dropped = nothing,
    vault = null,
    vaultTroubled: troubled = nothing,
  }: GraphOptions = {},
): Graph {
  const credentials = new Credentials({ client, clock, vault, dropped, troubled })
  const unclaimed = new UnclaimedTokens(vault)

  async function exchange<T>(endpoint: Endpoint<T>, as: Viewer, options: CallOptions): Promise<Exchanged<T>> {
    const { begun = performance.now() } = options
    const found = credentials.of(endpoint.inspects ?? endpoint.token, as, options)
    const credential = found instanceof Promise ? await raceSignal(found, options.signal) : found
    try {
      return await client.exchange(requestOf(endpoint, as, credential, { ...options, begun }))
    } catch (error) {
      if (error instanceof GraphError && error.kind === 'token') blame(endpoint, as, credential, error)
      throw error
    }
  }

  /** One that is only asked about was not what was refused. */
  function blame(
    { inspects }: Endpoint<unknown>,
    as: Viewer,
    credential: AnyCredential,
    error: GraphError,
  ): void {
    if (inspects === undefined) credentials.refuse(as, credential, error)
  }

  return {
    call: async (endpoint, as, options) => (await exchange(endpoint, as, asOptions(options))).value,
    readAll: (reads, options) => readWithTokens(client, credentials, reads, asOptions(options)),
    write: (endpoint, as, sending) => exchange(endpoint, as, sending),
    sharesTokens: vault !== null,
    holdsAlone: (as) => credentials.holdsAlone(as),
    tokenOrigin: (as) => credentials.originOf(as),
    forgetLeft: (of) => {
      unclaimed.forgetLeft(of)
      return credentials.forgetLeft(of)
    },
    unclaimed,
    remember: (as, given) => credentials.remember(as, given),
    allowance: (appId, objectId) => client.allowance(appId, objectId),
  }
}

const asOptions = (options: AbortSignal | CallOptions = {}): CallOptions =>
  options instanceof AbortSignal ? { signal: options } : options

/** A read, and its token or why there is none. */
interface Ready {
  readonly read: GraphRead
  readonly found: AnyCredential | GraphError
}

/** Reads whose token is here leave at once; for the others the tokens are fetched together, and then they leave. */
export async function readWithTokens(
  client: GraphClient,
  credentials: Credentials,
  reads: readonly GraphRead[],
  options: CallOptions,
): Promise<readonly GraphOutcome[]> {
  const { begun = performance.now() } = options
  const finds = reads.map((read) => ({ read, found: find(credentials, read, options) }))
  const leave = (ready: readonly Ready[]) => leaveTogether(client, credentials, ready, options, begun)
  const later = finds.flatMap(({ read, found }) => (found instanceof Promise ? [{ read, found }] : []))
  const now = finds.flatMap(({ read, found }) => (found instanceof Promise ? [] : [{ read, found }]))
  const tokens =
    later.length > 0 ? waitForAll(later, client.deadlineMs, options.signal, begun).then(leave) : none
  const waves = await Promise.all([leave(now), tokens])
  const outcomes = new Map(waves.flatMap((wave) => [...wave]))
  return reads.map((read) => outcomes.get(read) ?? forgotten())
}

function requestOf<T>(
  endpoint: Endpoint<T>,
  { app }: Viewer,
  credential: AnyCredential,
  options: CallOptions,
): GraphRequest<T> {
  const { token: _, inspects, ...call } = endpoint
  if (inspects === undefined || credential.kind === 'none') return { ...call, ...options, credential }
  const { token } = credential
  const query = { ...call.query, input_token: token }
  return { ...call, ...options, query, secrets: [token], credential: systemCredential(app) }
}

function find(credentials: Credentials, { endpoint, as }: GraphRead, options: CallOptions) {
  try {
    return credentials.of(endpoint.inspects ?? endpoint.token, as, options)
  } catch (error) {
    return asGraphError(error)
  }
}

/** The tokens may be fetched for somebody else, and for longer than these reads have time. */
async function waitForAll(
  later: readonly { readonly read: GraphRead; readonly found: Promise<AnyCredential> }[],
  deadlineMs: number,
  signal: AbortSignal | undefined,
  begun: number,
): Promise<readonly Ready[]> {
  const deadline = startDeadline(deadlineMs, signal, begun)
  const wait = async ({ read, found }: (typeof later)[number]): Promise<Ready> => ({
    read,
    found: await deadline.race(found).catch(asGraphError),
  })
  try {
    return await Promise.all(later.map(wait))
  } finally {
    deadline.end()
  }
}

const none: ReadonlyMap<GraphRead, GraphOutcome> = new Map()

async function leaveTogether(
  client: GraphClient,
  credentials: Credentials,
  ready: readonly Ready[],
  options: CallOptions,
  begun: number,
): Promise<ReadonlyMap<GraphRead, GraphOutcome>> {
  const outcomes = new Map<GraphRead, GraphOutcome>()
  const signed: (readonly [GraphRead, AnyCredential])[] = []
  for (const { read, found } of ready) {
    if (found instanceof GraphError) outcomes.set(read, { error: found })
    else signed.push([read, found])
  }
  if (signed.length === 0) return outcomes
  const requests = signed.map(([{ endpoint, as }, found]) =>
    requestOf(endpoint, as, found, { ...options, begun }),
  )
  const answers = await client.requestAll(requests, { begun, signal: options.signal })
  for (const [index, [read, found]] of signed.entries()) {
    outcomes.set(read, judge(credentials, read, found, answers[index]))
  }
  return outcomes
}

type Answers = Awaited<ReturnType<GraphClient['requestAll']>>

function judge(
  credentials: Credentials,
  { endpoint, as }: GraphRead,
  found: AnyCredential,
  answer: Answers[number] = forgotten(),
): GraphOutcome {
  if ('value' in answer) return answer
  const isBlamed = answer.error.kind === 'token' && !answer.shared && endpoint.inspects === undefined
  if (isBlamed) credentials.refuse(as, found, answer.error)
  return { error: answer.error }
}

function forgotten() {
  return { error: new GraphError('malformed', 'A read was left without an answer.'), shared: false }
}
