import { BusinessTokens } from './business-tokens.ts'
import type { GraphClient } from './client.ts'
import type { TokenKind } from './endpoint.ts'
import { GraphError } from './error.ts'
import type { CallOptions, Credential, Unsigned } from './request.ts'
import { appCredential, systemCredential, userCredential } from './static-credentials.ts'
import type { Viewer } from './viewer.ts'

export type AnyCredential = Credential | Unsigned

/** Finds the token that an operation needs. */
export class Credentials {
  readonly #business: BusinessTokens
  readonly #dropped: ((appId: string) => void) | undefined

  constructor(client: GraphClient, dropped?: (appId: string) => void) {
    this.#business = new BusinessTokens(client)
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
