import type {
  FoundToken,
  LeftCustomer,
  NewToken,
  StoredToken,
  TokenName,
  TokenSource,
  TokenStore,
  UnclaimedToken,
} from '../events/tokens.ts'
import type { AppConfig } from '../config/config.ts'
import { type Binding, digestOfSecret, Sealer } from '../lib/seal.ts'
import type { Customer } from './viewer.ts'

/** A customer's token as it came out of the vault. */
export interface VaultToken {
  readonly token: string
  readonly source: TokenSource
  readonly wabaId: string | null
  readonly endsAt: number | null
  /** For how long it is good without another look; null for as long as it is there. */
  readonly freshMs: number | null
}

/** A customer's token on its way into the vault. */
export interface TokenToKeep {
  readonly token: string
  readonly source: TokenSource
  /** The account that it was seen to open; null when none was looked for. */
  readonly wabaId: string | null
  readonly endsAt: number | null
  /** It is given up this long before its end. */
  readonly marginMs: number
  /** For how long it is good where nobody says when it ends; null for as long as it is there. */
  readonly lifetimeMs: number | null
}

/** A customer's token that came for a code, of which it is not known yet whose it is. */
export interface Unclaimed {
  readonly app: AppConfig
  /** Of the code. */
  readonly digest: string
  readonly token: string
  /** The account that it was seen to open; null as long as none was. */
  readonly wabaId: string | null
  /** Milliseconds since 1970; null when it does not end, or nobody says. */
  readonly expiresAt: number | null
}

interface CustomerOfApp {
  readonly appId: string
  readonly customer: Customer
}

export interface VaultOptions {
  /** A token that cannot be read: its key is gone, or somebody has changed it. `isFirst`: none was before. */
  readonly unreadable: (appId: string, isFirst: boolean) => void
}

/** Nobody has claimed a token for so long: the customer has signed up once more, or will not come. */
const unclaimedMs = 30 * 24 * 60 * 60_000
const atOnce = 100

/** Customers' tokens in the store, sealed: every instance finds what one of them has kept. */
export class TokenVault {
  readonly #store: TokenStore
  readonly #sealer: Sealer
  readonly #unreadable: VaultOptions['unreadable']
  #hasSaidUnreadable = false

  constructor(store: TokenStore, sealer: Sealer, { unreadable }: VaultOptions) {
    this.#store = store
    this.#sealer = sealer
    this.#unreadable = unreadable
  }

  /** Of each customer the token that is there, in their order; one that came for a code before one that was fetched. */
  async find(customers: readonly CustomerOfApp[]): Promise<readonly (VaultToken | null)[]> {
    const names = customers.map((of) => [nameOf(of, 'GIVEN'), nameOf(of, 'FETCHED')])
    const stored = await this.#store.find(names.flat())
    const opened = await Promise.all(stored.map((token) => this.#open(token)))
    const known = new Map(
      opened.flatMap((token, index) => (token ? [[printName(stored[index]!), token]] : [])),
    )
    return names.map((own) => own.map((name) => known.get(printName(name))).find(Boolean) ?? null)
  }

  /** Those that came for a code and open an account of one of these customers, and that nobody has claimed yet. */
  async findUnclaimed(customers: readonly CustomerOfApp[]): Promise<readonly ClaimableToken[]> {
    const businesses = Map.groupBy(customers, ({ appId }) => appId)
    const found = await Promise.all(
      [...businesses].map(([appId, own]) =>
        this.#store.unclaimedOf(appId, new Set(own.map(({ customer }) => customer.businessId))),
      ),
    )
    const stored = found.flat()
    const opened = await Promise.all(stored.map((token) => this.#open(token)))
    return stored.flatMap((of, index) => (opened[index] ? [{ ...opened[index], of }] : []))
  }

  /** Resolves when the token is on disk. */
  async keep(of: CustomerOfApp, token: TokenToKeep): Promise<void> {
    const name = nameOf(of, token.source === 'CODE' ? 'GIVEN' : 'FETCHED')
    await this.#store.put(this.#sealed(name, token, of.customer.businessId))
  }

  /** Keeps a token of which it is not known yet whose it is. Resolves when it is on disk. */
  async hold({ app: { appId }, digest, token, wabaId, expiresAt }: Unclaimed): Promise<void> {
    const name = { appId, kind: 'UNCLAIMED', subject: digest } as const
    const keep = { token, source: 'CODE', wabaId, endsAt: expiresAt, marginMs: 0, lifetimeMs: null } as const
    await this.#store.put(this.#sealed(name, keep, null))
  }

  async heldFor(appId: string, digest: string): Promise<VaultToken | null> {
    const [stored] = await this.#store.find([{ appId, kind: 'UNCLAIMED', subject: digest }])
    return stored ? this.#open(stored) : null
  }

  /** Its owner has it. */
  release({ app: { appId }, digest, token }: Unclaimed): Promise<void> {
    const name = { appId, kind: 'UNCLAIMED', subject: digest } as const
    return this.#store.release(name, digestOfToken(appId, token))
  }

  claimed({ of }: ClaimableToken): Promise<void> {
    return this.#store.release(of, of.digest)
  }

  /** Deletes a token that Graph refuses, and none that came after it. */
  drop(appId: string, token: string): Promise<void> {
    return this.#store.drop(appId, digestOfToken(appId, token))
  }

  dropLeft(of?: LeftCustomer): Promise<void> {
    return this.#store.dropLeft(of)
  }

  /** Deletes what has ended, and seals anew what an older key has sealed, so that the key can be taken away. */
  async tidy(): Promise<void> {
    await this.#store.dropOld(unclaimedMs)
    await this.#store.dropLeft()
    for (const keyId of this.#sealer.keyIds.filter((id) => id !== this.#sealer.keyId))
      while (await this.#resealSome(keyId));
  }

  /** Whether there may be more. What cannot be opened stays as it is. */
  async #resealSome(keyId: string): Promise<boolean> {
    const stored = await this.#store.sealedBy(keyId, atOnce)
    const opened = await Promise.all(stored.map((token) => this.#open({ ...token, freshMs: null })))
    return stored.length === atOnce && opened.some((token) => token !== null)
  }

  #sealed(name: TokenName, { token, ...keep }: TokenToKeep, businessId: string | null): NewToken {
    const sealed = this.#sealer.seal(Buffer.from(token), bindingOf(name))
    return { ...name, ...keep, businessId, sealed, digest: digestOfToken(name.appId, token) }
  }

  /** Null when it cannot be read: then it is like none. */
  async #open(stored: FoundToken): Promise<VaultToken | null> {
    const { sealed, source, wabaId, endsAt, freshMs, appId } = stored
    const unsealed = this.#sealer.open(sealed, bindingOf(stored))
    if (unsealed === null) {
      this.#unreadable(appId, !this.#hasSaidUnreadable)
      this.#hasSaidUnreadable = true
      return null
    }
    // That it could not be written anew is no reason to have no token: the next who reads it does that.
    if (!unsealed.isCurrent) await this.#reseal(stored, unsealed.bytes).catch(() => {})
    return { token: unsealed.bytes.toString(), source, wabaId, endsAt, freshMs }
  }

  #reseal(stored: StoredToken, token: Uint8Array): Promise<void> {
    return this.#store.reseal(stored, this.#sealer.seal(token, bindingOf(stored)))
  }
}

/** Null without a key. */
export function openVault(
  [first, ...others]: readonly string[],
  store: TokenStore,
  options: VaultOptions,
): TokenVault | null {
  return first === undefined ? null : new TokenVault(store, new Sealer([first, ...others]), options)
}

export interface ClaimableToken extends VaultToken {
  readonly of: UnclaimedToken
}

const bindingOf = ({ appId, kind, subject }: TokenName): Binding => ['token', appId, kind, subject]

const printName = ({ appId, kind, subject }: TokenName): string => JSON.stringify([appId, kind, subject])

/** Ids are digits, so the two cannot be mistaken for others. */
const nameOf = ({ appId, customer }: CustomerOfApp, kind: TokenName['kind']): TokenName => ({
  appId,
  kind,
  subject: `${customer.businessId}/${customer.solutionId ?? ''}`,
})

/** Tokens are long and random: who has the digest has nothing. */
export const digestOfToken = (appId: string, token: string): string =>
  digestOfSecret('token digest', appId, token)
