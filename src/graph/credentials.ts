import {
  BusinessTokens,
  type BusinessTokenOptions,
  type GivenToken,
  type TokenOrigin,
} from './business-tokens.ts'
import type { LeftCustomer } from '../events/tokens.ts'
import type { CallOptions } from './endpoint.ts'
import {
  type TokenKind,
  type Credential,
  type Unsigned,
  appCredential,
  systemCredential,
  type Viewer,
} from './viewer.ts'
import { GraphError } from './error.ts'

export type AnyCredential = Credential | Unsigned

/** Other codes of tokens may come of our own proof or session, and say nothing of the token for good. */
const tokenIsOver = 190

export interface CredentialOptions extends BusinessTokenOptions {
  /** A customer's token was given up because Graph no longer takes it. */
  readonly dropped: (appId: string) => void
}

/** Finds the token that an operation needs. */
export class Credentials {
  readonly #business: BusinessTokens
  readonly #dropped: (appId: string) => void

  constructor({ dropped, ...options }: CredentialOptions) {
    this.#business = new BusinessTokens(options)
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

  /** Keeps a customer's token that came for a code. Resolves when all instances have it, where they share tokens. */
  async remember({ app, customer }: Viewer, given: GivenToken): Promise<void> {
    if (customer) await this.#business.remember(app, customer, given)
  }

  /** Whether a customer's token that came for a code is here and on no other instance. */
  holdsAlone({ app, customer }: Viewer): boolean {
    return customer !== undefined && this.#business.holdsAlone(app, customer)
  }

  /** Where the customer's business token came from that is here; null when none is. */
  originOf({ app, customer }: Viewer): TokenOrigin | null {
    return customer ? this.#business.originOf(app, customer) : null
  }

  /** Forgets the tokens of an account that has left. */
  forgetLeft(of: LeftCustomer): Promise<void> {
    return this.#business.forgetLeft(of)
  }

  /** A token that Graph has refused is asked for anew the next time; said once, however many calls it failed. */
  refuse({ app, customer }: Viewer, credential: AnyCredential, { code }: GraphError): void {
    if (credential.kind !== 'business' || !customer) return
    if (this.#business.drop(app, customer, credential, code === tokenIsOver)) this.#dropped(app.appId)
  }
}

function userCredential({ app, userToken }: Viewer): Credential {
  if (!userToken) throw new GraphError('token', "This needs a person's access token, and none was given.")
  return { appId: app.appId, kind: 'user', token: userToken, appSecret: app.appSecrets[0] }
}
