import type { Credential, GraphClient } from './client.ts'
import { businessToken, type BusinessToken } from './endpoints/solutions.ts'
import type { Endpoint, TokenKind } from './endpoint.ts'
import { GraphError } from './error.ts'
import { viewerKey, type Viewer } from './viewer.ts'
import type { AppConfig } from '../config.ts'

/** A token is given up this long before its end. */
const marginMs = 5 * 60_000
// The guide says nothing of an end, the reference page calls these tokens time-limited: ask again each hour.
const unstatedLifetimeMs = 60 * 60_000

interface Held {
  readonly credential: Promise<Credential>
  until: number
}

/** Finds the token that an operation needs. Business tokens are kept in memory only, until they end. */
export class Credentials {
  readonly #client: GraphClient
  readonly #business = new Map<string, Held>()

  constructor(client: GraphClient) {
    this.#client = client
  }

  of(kind: TokenKind, viewer: Viewer): Promise<Credential> | Credential {
    if (kind === 'system') return systemCredential(viewer.app)
    if (kind === 'app') return appCredential(viewer.app)
    const { app, customer } = viewer
    if (customer?.solutionId) return this.#businessCredential(app, customer.solutionId, customer.businessId)
    throw new GraphError(
      'token',
      "This needs the customer's business token, and no solution is known that gives it.",
    )
  }

  /** A token that Graph has refused is asked for anew the next time. */
  forget(viewer: Viewer): void {
    this.#business.delete(viewerKey(viewer))
  }

  #businessCredential(app: AppConfig, solutionId: string, businessId: string): Promise<Credential> {
    const key = viewerKey({ app, customer: { solutionId, businessId } })
    const held = this.#business.get(key)
    if (held && held.until > Date.now()) return held.credential
    const fresh: Held = {
      credential: this.#fetch(app, businessToken(solutionId, businessId), (until) => (fresh.until = until)),
      until: Infinity,
    }
    this.#business.set(key, fresh)
    fresh.credential.catch(() => this.#business.delete(key))
    return fresh.credential
  }

  async #fetch(
    app: AppConfig,
    endpoint: Endpoint<BusinessToken>,
    keepUntil: (time: number) => void,
  ): Promise<Credential> {
    const { token: _, ...call } = endpoint
    const answer = await this.#client.request({ ...call, credential: systemCredential(app) })
    const end = answer.expires_at ? answer.expires_at * 1000 - marginMs : Date.now() + unstatedLifetimeMs
    keepUntil(end)
    return { appId: app.appId, kind: 'business', token: answer.access_token, appSecret: app.appSecrets[0] }
  }
}

function systemCredential(app: AppConfig): Credential {
  return { appId: app.appId, kind: 'system', token: app.systemToken, appSecret: app.appSecrets[0] }
}

/** `{app-id}|{app-secret}`: developers.facebook.com/docs/facebook-login/guides/access-tokens */
function appCredential({ appId, appSecrets: [appSecret] }: AppConfig): Credential {
  return { appId, kind: 'app', token: `${appId}|${appSecret}`, appSecret }
}
