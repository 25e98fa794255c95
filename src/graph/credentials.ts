import type { AppConfig } from '../config/config.ts'
import { Lru } from '../lib/lru.ts'
import type { Clock } from '../lib/clock.ts'
import type { GraphClient } from './client.ts'
import type { Endpoint, CallOptions, GraphRequest } from './endpoint.ts'
import {
  type TokenKind,
  type Credential,
  type Unsigned,
  appCredential,
  systemCredential,
  type Viewer,
  viewerKey,
  type Customer,
} from './viewer.ts'
import { GraphError } from './error.ts'
import { fetchCustomerToken } from './endpoints/tokens.ts'
import { businessToken, type BusinessToken } from './endpoints/solutions.ts'
import type { ReadOutcome } from './batch/read-batches.ts'

export type AnyCredential = Credential | Unsigned

/** Finds the token that an operation needs. */
export class Credentials {
  readonly #business: BusinessTokens
  readonly #dropped: ((appId: string) => void) | undefined

  constructor(client: GraphClient, clock: Clock, dropped?: (appId: string) => void) {
    this.#business = new BusinessTokens(client, clock)
    this.#dropped = dropped
  }

  of(
    kind: TokenKind,
    viewer: Viewer,
    cost: Pick<CallOptions, 'tally' | 'priority'>,
  ): Promise<AnyCredential> | AnyCredential {
    const { app, customer } = viewer
    switch (kind) {
      case 'system':
        return systemCredential(app)
      case 'app':
        return appCredential(app)
      case 'user':
        return userCredential(viewer)
      case 'none':
        return { appId: app.appId, kind }
      case 'business':
        if (customer) return this.#business.of(app, customer, cost)
        throw new GraphError('token', "This needs a customer's business token, and no customer is known.")
    }
  }

  /** Keeps a customer's token that came another way, in memory only. */
  remember({ app, customer }: Viewer, token: string, expiresAt: number | null): void {
    if (customer) this.#business.remember(app, customer, token, expiresAt)
  }

  /** Whether a customer's token that came another way is here. */
  holds({ app, customer }: Viewer): boolean {
    return customer !== undefined && this.#business.holds(app, customer)
  }

  /** A token that Graph has refused is asked for anew the next time; said once, however many calls it failed. */
  refuse({ app, customer }: Viewer, credential: AnyCredential): void {
    if (credential.kind !== 'business' || !customer) return
    if (this.#business.drop(app, customer, credential)) this.#dropped?.(app.appId)
  }
}

/** A token is given up this long before its end. */
const marginMs = 5 * 60_000
// The guide says nothing of an end, the reference page calls these tokens time-limited: ask again each hour.
const unstatedLifetimeMs = 60 * 60_000
const mostTokens = 10_000

interface HeldToken {
  readonly pending: Promise<Credential>
  credential: Credential | null
  until: number
  /** It came another way, and may be had nowhere else. */
  readonly given?: true
}

type Cost = Pick<CallOptions, 'tally' | 'priority'>

interface TokenRequest {
  readonly app: AppConfig
  readonly customer: Customer
  readonly cost: Cost
  readonly found: PromiseWithResolvers<Credential>
  /** When the token that came must be asked for again. */
  until: number
}

/** Customers' tokens, in memory only, until they end. Those that are wanted at once are fetched at once. */
export class BusinessTokens {
  readonly #client: GraphClient
  readonly #held = new Lru<HeldToken>({ entries: mostTokens })
  readonly #clock: Clock
  #requested: TokenRequest[] = []

  constructor(client: GraphClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** A token that is here comes at once. One fetch serves all who wait for it. */
  of(app: AppConfig, customer: Customer, cost: Cost): Promise<Credential> | Credential {
    const held = this.#held.get(viewerKey({ app, customer }))
    if (held && held.until > this.#clock()) return held.credential ?? held.pending
    return this.#request({ app, customer, cost, found: Promise.withResolvers(), until: 0 })
  }

  /** A token that came another way. `expiresAt` in milliseconds, null when it does not end. */
  remember(app: AppConfig, customer: Customer, token: string, expiresAt: number | null): void {
    const until = expiresAt === null ? Infinity : expiresAt - marginMs
    const credential = { appId: app.appId, kind: 'business', token, appSecret: app.appSecrets[0] } as const
    const held = { pending: Promise.resolve(credential), credential, until, given: true } as const
    this.#held.set(viewerKey({ app, customer }), held)
  }

  /** Whether one that came another way is here. */
  holds(app: AppConfig, customer: Customer): boolean {
    const held = this.#held.get(viewerKey({ app, customer }))
    return held?.given === true && held.until > this.#clock()
  }

  /** Whether this was the token in use: of many refusals at once only the first gives it up. */
  drop(app: AppConfig, customer: Customer, { token }: Credential): boolean {
    const key = viewerKey({ app, customer })
    if (this.#held.get(key)?.credential?.token !== token) return false
    this.#held.delete(key)
    return true
  }

  #request(request: TokenRequest): Promise<Credential> {
    const { promise } = request.found
    const key = viewerKey(request)
    const held: HeldToken = { pending: promise, credential: null, until: Infinity }
    this.#held.set(key, held)
    promise.then(
      (credential) => Object.assign(held, { credential, until: request.until }),
      () => {
        if (this.#held.get(key) === held) this.#held.delete(key)
      },
    )
    if (this.#requested.push(request) === 1) queueMicrotask(() => void this.#fetch())
    return promise
  }

  async #fetch(): Promise<void> {
    const requests = this.#requested
    this.#requested = []
    const begun = performance.now()
    try {
      const refused = await this.#ask(requests, firstSource, begun)
      if (refused.length > 0) await this.#ask(refused, secondSource, begun)
    } catch (error) {
      for (const { found } of requests) found.reject(error)
    }
  }

  /** Settles what can be settled, and comes back with those who should ask elsewhere. */
  async #ask(
    requests: readonly TokenRequest[],
    source: (customer: Customer) => Endpoint<BusinessToken>,
    begun: number,
  ): Promise<readonly TokenRequest[]> {
    const calls = requests.map((request) => callOf(request, source(request.customer)))
    const outcomes = await this.#client.requestAll(calls, { begun })
    return requests.filter((request, index) => {
      const outcome = outcomes[index]
      if (outcome === undefined) throw new GraphError('malformed', 'A token was left without an answer.')
      if ('value' in outcome) this.#settle(request, outcome.value as BusinessToken)
      else if (source === firstSource && request.customer.solutionId !== null && worthAsking(outcome))
        return true
      else request.found.reject(asTokenError(outcome.error))
      return false
    })
  }

  #settle(request: TokenRequest, { access_token: token, expires_at: end }: BusinessToken): void {
    const { appId, appSecrets } = request.app
    request.until = end ? end * 1000 - marginMs : this.#clock() + unstatedLifetimeMs
    request.found.resolve({ appId, kind: 'business', token, appSecret: appSecrets[0] })
  }
}

// The guide "Multi-Partner Solutions" has the first, for customers of a solution.
const firstSource = ({ solutionId, businessId }: Customer): Endpoint<BusinessToken> =>
  solutionId === null ? fetchCustomerToken(businessId) : businessToken(solutionId, businessId)

const secondSource = ({ businessId }: Customer): Endpoint<BusinessToken> => fetchCustomerToken(businessId)

function callOf({ app, cost }: TokenRequest, endpoint: Endpoint<BusinessToken>): GraphRequest<unknown> {
  const { token: _, ...call } = endpoint
  return { ...call, ...cost, credential: systemCredential(app) }
}

/** Whether another source may have the token: this one knows nothing of the customer, or does not tell us. */
export function worthAsking(outcome: ReadOutcome): boolean {
  if ('value' in outcome || outcome.shared) return false
  const { kind } = outcome.error
  return kind === 'not-found' || kind === 'permission' || kind === 'invalid' || kind === 'declined'
}

/** Why there is no token: a refusal is final, while trouble on the way stays what it is and may pass. */
export function asTokenError(error: GraphError): GraphError {
  switch (error.kind) {
    case 'token':
    case 'permission':
    case 'not-found':
    case 'invalid':
    case 'declined':
    case 'input':
    case 'malformed':
    case 'too-large':
      return new GraphError('token', `The customer's business token cannot be had. ${error.message}`, {
        ...error,
        transient: false,
        waitsFor: turnOf(error),
      })
    case 'throttled':
    case 'unavailable':
    case 'timeout':
    case 'network':
    case 'aborted':
      return error
  }
}

/** Who has no token for us has not let the app in. What is wrong with our own token or our permissions, we put right. */
function turnOf({ kind, code, waitsFor }: GraphError): GraphError['waitsFor'] {
  const isOurs = kind === 'token' || code === 3 || code === 10
  return isOurs || !['permission', 'not-found', 'invalid', 'declined'].includes(kind) ? waitsFor : 'CUSTOMER'
}

function userCredential({ app, userToken }: Viewer): Credential {
  if (!userToken) throw new GraphError('token', "This needs a person's access token, and none was given.")
  return { appId: app.appId, kind: 'user', token: userToken, appSecret: app.appSecrets[0] }
}
