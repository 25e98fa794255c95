import type { Sealed } from '../lib/seal.ts'

/**
 * What a token is kept as. GIVEN: it came for a code, and may be had nowhere else. FETCHED: Graph gives it again when it is
 * asked. UNCLAIMED: it came for a code, and nobody has said yet whose it is.
 */
export type StoredTokenKind = 'GIVEN' | 'FETCHED' | 'UNCLAIMED'

/** Where a token came from: the code of a signup, the solution, or the customer's portfolio. */
export type TokenSource = 'CODE' | 'SOLUTION' | 'PORTFOLIO'

/** What a token is found by, and what its ciphertext is bound to. */
export interface TokenName {
  readonly appId: string
  readonly kind: StoredTokenKind
  /** The customer and the solution, or the digest of the code. */
  readonly subject: string
}

/** A token at rest. Nothing here is secret. */
export interface StoredToken extends TokenName {
  readonly sealed: Sealed
  /** Names the token among those of the app, whoever sealed it. */
  readonly digest: string
  /** The portfolio; null while nobody has said whose the token is. */
  readonly businessId: string | null
  /** The account that it was seen to open; null when none was looked for, or none was found. */
  readonly wabaId: string | null
  readonly source: TokenSource
  /** Milliseconds since 1970; null when it does not end, or nobody says. */
  readonly endsAt: number | null
}

export interface FoundToken extends StoredToken {
  /** For how long it is good without another look; null for as long as it is there. By the store's clock. */
  readonly freshMs: number | null
}

export interface NewToken extends StoredToken {
  /** It is given up this long before its end. */
  readonly marginMs: number
  /** For how long it is good where nobody says when it ends; null for as long as it is there. */
  readonly lifetimeMs: number | null
}

/** Of whom something is to be deleted when a customer has left. */
export interface LeftCustomer {
  readonly appId: string
  readonly wabaId: string | null
  readonly ownerBusinessId: string | null
}

/** Customers' tokens, encrypted, for all instances. The time that counts is the store's. */
export interface TokenStore {
  /** Those that are there and have not ended. */
  find(names: readonly TokenName[]): Promise<readonly FoundToken[]>
  /** Those of an app that open an account which one of these businesses is known to own, and that nobody has claimed. */
  unclaimedOf(appId: string, businessIds: ReadonlySet<string>): Promise<readonly UnclaimedToken[]>
  put(token: NewToken): Promise<void>
  /** The same token, sealed anew; nothing when there is another one by now. */
  reseal(token: TokenName & Pick<StoredToken, 'digest'>, sealed: Sealed): Promise<void>
  /** Deletes a token wherever it is kept for the app, and leaves those that came after it. */
  drop(appId: string, digest: string): Promise<void>
  /** Deletes what is kept under one name, if it is still this token. */
  release(name: TokenName, digest: string): Promise<void>
  /**
   * Deletes the tokens of accounts that, as the log says, have left since the tokens came: of one customer, or of all.
   * Tokens without an account go with any account of their business, as they can be had again.
   */
  dropLeft(of?: LeftCustomer): Promise<void>
  /** Deletes what has ended, and what nobody has claimed for so long. */
  dropOld(unclaimedMs: number): Promise<void>
  /** Some of those that a key has sealed. */
  sealedBy(keyId: string, limit: number): Promise<readonly StoredToken[]>
  /** How many tokens each key has sealed. */
  countByKey(): Promise<ReadonlyMap<string, number>>
}

/** With the business that owns the account, and the solution that brought it. */
export interface UnclaimedToken extends FoundToken {
  readonly solutionId: string | null
}
