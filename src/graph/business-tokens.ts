import type { AppConfig } from '../config/config.ts'
import { Lru } from '../lib/lru.ts'
import type { Clock } from '../lib/clock.ts'
import type { LeftCustomer, TokenSource } from '../events/tokens.ts'
import type { GraphClient } from './client.ts'
import type { Endpoint, CallOptions } from './endpoint.ts'
import { type Credential, viewerKey, type Customer } from './viewer.ts'
import { GraphError } from './error.ts'
import { digestOfToken, type TokenVault, type VaultToken } from './token-vault.ts'
import { asTokenError, askingFor, firstSource, secondSource, unsure, worthAsking } from './token-sources.ts'
import type { BusinessToken } from './endpoints/solutions.ts'

/** A token is given up this long before its end. */
const marginMs = 5 * 60_000
// The guide says nothing of an end, the reference page calls these tokens time-limited: ask again each hour.
const unstatedLifetimeMs = 60 * 60_000
const mostTokens = 10_000

interface HeldToken {
  readonly pending: Promise<Credential>
  credential: Credential | null
  until: number
  /** Null as long as it is not here. */
  facts: TokenOrigin | null
}

/** What is known of a token besides the token. */
export interface TokenOrigin {
  readonly source: TokenSource
  /** The account that it was seen to open; null when none was looked for. */
  readonly wabaId: string | null
  /** Milliseconds since 1970; null when it does not end, or nobody says. */
  readonly endsAt: number | null
}

/** A token that came for a code. */
export interface GivenToken {
  readonly token: string
  /** The account that it was seen to open. */
  readonly wabaId: string | null
  /** Milliseconds since 1970; null when it does not end, or nobody says. */
  readonly expiresAt: number | null
}

type Cost = Pick<CallOptions, 'tally' | 'priority'>

interface TokenRequest {
  readonly app: AppConfig
  readonly customer: Customer
  readonly cost: Cost
  readonly found: PromiseWithResolvers<Credential>
  /** When the token that came must be asked for again. */
  until: number
  facts: TokenOrigin | null
}

export interface BusinessTokenOptions {
  readonly client: GraphClient
  readonly clock: Clock
  /** Where all instances keep them; null when each has its own memory alone. */
  readonly vault: TokenVault | null
  /** The vault could not be read or written. */
  readonly troubled: (error: unknown) => void
}

const mostRefused = 1000

/**
 * Customers' tokens in memory, until they end, and behind that in the vault, where there is one: it is asked before Graph.
 * Those that are wanted at once are fetched at once.
 */
export class BusinessTokens {
  readonly #client: GraphClient
  readonly #held = new Lru<HeldToken>({ entries: mostTokens })
  readonly #clock: Clock
  readonly #vault: TokenVault | null
  readonly #troubled: (error: unknown) => void
  /** Digests of tokens that Graph has refused: the vault may have them still. */
  readonly #refused = new Lru<true>({ entries: mostRefused })
  #requested: TokenRequest[] = []

  constructor({ client, clock, vault, troubled }: BusinessTokenOptions) {
    this.#client = client
    this.#clock = clock
    this.#vault = vault
    this.#troubled = troubled
  }

  /** A token that is here comes at once. One fetch serves all who wait for it. */
  of(app: AppConfig, customer: Customer, cost: Cost): Promise<Credential> | Credential {
    const held = this.#held.get(viewerKey({ app, customer }))
    if (held && held.until > this.#clock()) return held.credential ?? held.pending
    return this.#request({ app, customer, cost, found: Promise.withResolvers(), until: 0, facts: null })
  }

  /** Keeps a token that came for a code. Resolves when it is in the vault as well, where there is one. */
  async remember(app: AppConfig, customer: Customer, given: GivenToken): Promise<void> {
    const { token, wabaId, expiresAt: endsAt } = given
    const credential = credentialOf(app, token)
    const held: HeldToken = {
      pending: Promise.resolve(credential),
      credential,
      until: endsAt === null ? Infinity : endsAt - marginMs,
      facts: { source: 'CODE', wabaId, endsAt },
    }
    this.#held.set(viewerKey({ app, customer }), held)
    this.#refused.delete(digestOfToken(app.appId, token))
    await this.#vault?.keep(
      { appId: app.appId, customer },
      { token, source: 'CODE', wabaId, endsAt, marginMs, lifetimeMs: null },
    )
  }

  /** Whether one that came for a code is here and on no other instance. */
  holdsAlone(app: AppConfig, customer: Customer): boolean {
    const held = this.#held.get(viewerKey({ app, customer }))
    return this.#vault === null && held?.facts?.source === 'CODE' && held.until > this.#clock()
  }

  /** Where the token came from that is here; null when none is. */
  originOf(app: AppConfig, customer: Customer): TokenOrigin | null {
    return this.#held.peek(viewerKey({ app, customer }))?.facts ?? null
  }

  /**
   * Whether this was the token in use: of many refusals at once only the first gives it up. `isOver`: Graph will not take it
   * again, so no instance needs it.
   */
  drop(app: AppConfig, customer: Customer, { token }: Credential, isOver: boolean): boolean {
    if (isOver) this.#dropFromVault(app.appId, token)
    const key = viewerKey({ app, customer })
    if (this.#held.get(key)?.credential?.token !== token) return false
    this.#held.delete(key)
    return true
  }

  /** Forgets the tokens of an account that has left. One that nobody would give again is forgotten in a vault only. */
  async forgetLeft(of: LeftCustomer): Promise<void> {
    await this.#vault?.dropLeft(of).catch(this.#troubled)
    for (const [key, { facts }] of this.#held.entries()) {
      const mayBeHadAgain = this.#vault !== null || facts?.source !== 'CODE'
      if (mayBeHadAgain && concerns(of, key, facts?.wabaId ?? null)) this.#held.delete(key)
    }
  }

  #dropFromVault(appId: string, token: string): void {
    if (this.#vault === null) return
    const digest = digestOfToken(appId, token)
    if (this.#refused.get(digest)) return
    this.#refused.set(digest, true)
    void this.#vault.drop(appId, token).catch(this.#troubled)
  }

  #request(request: TokenRequest): Promise<Credential> {
    const { promise } = request.found
    const key = viewerKey(request)
    const held: HeldToken = { pending: promise, credential: null, until: Infinity, facts: null }
    this.#held.set(key, held)
    promise.then(
      (credential) => Object.assign(held, { credential, until: request.until, facts: request.facts }),
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
      const [missing, whyUnsure] = await this.#lookUp(requests)
      const refused = await this.#ask(missing, firstSource, begun, whyUnsure)
      await this.#ask(refused, secondSource, begun, whyUnsure)
    } catch (error) {
      for (const { found } of requests) found.reject(error)
    }
  }

  /** Settles those whose token is in the vault. The others ask Graph, and so do all while the vault cannot be read. */
  async #lookUp(requests: readonly TokenRequest[]): Promise<readonly [readonly TokenRequest[], unknown]> {
    if (this.#vault === null) return [requests, null]
    const missing = new Set(requests)
    const customers = requests.map(customerOf)
    try {
      const found = await this.#vault.find(customers)
      for (const [index, request] of requests.entries())
        if (this.#settleFromVault(request, found[index] ?? null)) missing.delete(request)
      if (missing.size > 0) await this.#claim([...missing])
      return [[...missing].filter(({ facts }) => facts === null), null]
    } catch (error) {
      this.#troubled(error)
      return [[...missing].filter(({ facts }) => facts === null), error]
    }
  }

  /** A token that came for a code before it was known whose it is, on whichever instance. */
  async #claim(requests: readonly TokenRequest[]): Promise<void> {
    for (const claimable of (await this.#vault?.findUnclaimed(requests.map(customerOf))) ?? []) {
      const { token, wabaId, endsAt, of } = claimable
      const its = requests.filter(
        ({ app, customer }) => app.appId === of.appId && customer.businessId === of.businessId,
      )
      const [app, businessId] = [its[0]?.app, of.businessId]
      if (!app || businessId === null || this.#refused.get(of.digest)) continue
      for (const solutionId of new Set([
        null,
        of.solutionId,
        ...its.map(({ customer }) => customer.solutionId),
      ]))
        await this.remember(app, { businessId, solutionId }, { token, wabaId, expiresAt: endsAt })
      for (const request of its) this.#settleFromVault(request, claimable)
      await this.#vault?.claimed(claimable)
    }
  }

  #settleFromVault(request: TokenRequest, found: VaultToken | null): boolean {
    if (found === null || this.#refused.get(digestOfToken(request.app.appId, found.token))) return false
    const { source, wabaId, endsAt, freshMs } = found
    request.until = freshMs === null ? Infinity : this.#clock() + freshMs
    request.facts = { source, wabaId, endsAt }
    request.found.resolve(credentialOf(request.app, found.token))
    return true
  }

  /** Settles what can be settled, and comes back with those who should ask elsewhere. */
  async #ask(
    requests: readonly TokenRequest[],
    source: (customer: Customer) => Endpoint<BusinessToken>,
    begun: number,
    whyUnsure: unknown,
  ): Promise<readonly TokenRequest[]> {
    if (requests.length === 0) return []
    const calls = requests.map((request) => askingFor(request, source(request.customer)))
    const outcomes = await this.#client.requestAll(calls, { begun })
    return requests.filter((request, index) => {
      const outcome = outcomes[index]
      if (outcome === undefined) throw new GraphError('malformed', 'A token was left without an answer.')
      const isFirst = source === firstSource && request.customer.solutionId !== null
      if ('value' in outcome)
        this.#settle(request, outcome.value as BusinessToken, isFirst ? 'SOLUTION' : 'PORTFOLIO')
      else if (isFirst && worthAsking(outcome)) return true
      else request.found.reject(whyUnsure === null ? asTokenError(outcome.error) : unsure(outcome.error))
      return false
    })
  }

  #settle(
    request: TokenRequest,
    { access_token: token, expires_at: end }: BusinessToken,
    source: TokenSource,
  ): void {
    const endsAt = end ? end * 1000 : null
    request.until = endsAt === null ? this.#clock() + unstatedLifetimeMs : endsAt - marginMs
    request.facts = { source, wabaId: null, endsAt }
    request.found.resolve(credentialOf(request.app, token))
    this.#refused.delete(digestOfToken(request.app.appId, token))
    void this.#vault
      ?.keep(customerOf(request), { token, ...request.facts, marginMs, lifetimeMs: unstatedLifetimeMs })
      .catch(this.#troubled)
  }
}

const credentialOf = ({ appId, appSecrets }: AppConfig, token: string): Credential => ({
  appId,
  kind: 'business',
  token,
  appSecret: appSecrets[0],
})

const customerOf = ({ app, customer }: TokenRequest) => ({ appId: app.appId, customer })

/** Whether a token that is here under a key is one of an account that has left, or may be had again. */
function concerns(
  { appId, wabaId, ownerBusinessId }: LeftCustomer,
  key: string,
  opens: string | null,
): boolean {
  const [itsApp, , businessId] = key.split('/')
  return itsApp === appId && (opens === null ? businessId === ownerBusinessId : opens === wabaId)
}
