import type { GraphClient } from './client.ts'
import type { Credentials, AnyCredential } from './credentials.ts'
import { startDeadline } from './deadline.ts'
import type { Endpoint } from './endpoint.ts'
import { GraphError } from './error.ts'
import type { GraphRead } from './graph.ts'
import type { GraphOutcome } from './outcome-of.ts'
import { asGraphError } from './outcome-of.ts'
import type { CallOptions, GraphRequest } from './request.ts'
import type { Viewer } from './viewer.ts'

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

export function requestOf<T>(
  endpoint: Endpoint<T>,
  credential: AnyCredential,
  options: CallOptions,
  begun: number,
): GraphRequest<T> {
  const { token: _, ...call } = endpoint
  return { ...call, ...options, credential, begun }
}

function find(credentials: Credentials, { endpoint, as }: GraphRead, options: CallOptions) {
  try {
    return credentials.of(endpoint.token, as, options)
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
  const requests = signed.map(([{ endpoint }, found]) => requestOf(endpoint, found, options, begun))
  const answers = await client.requestAll(requests, { begun, signal: options.signal })
  for (const [index, [read, found]] of signed.entries()) {
    outcomes.set(read, judge(credentials, read.as, found, answers[index]))
  }
  return outcomes
}

type Answers = Awaited<ReturnType<GraphClient['requestAll']>>

function judge(
  credentials: Credentials,
  as: Viewer,
  found: AnyCredential,
  answer: Answers[number] = forgotten(),
): GraphOutcome {
  if ('value' in answer) return answer
  if (answer.error.kind === 'token' && !answer.shared) credentials.refuse(as, found)
  return { error: answer.error }
}

function forgotten() {
  return { error: new GraphError('malformed', 'A read was left without an answer.'), shared: false }
}
