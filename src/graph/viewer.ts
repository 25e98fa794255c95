import type { AppConfig } from '../config/config.ts'

/** Through whose eyes Graph is read: an app of ours, for a customer's own data with the customer's token. */
export interface Viewer {
  readonly app: AppConfig
  readonly customer?: Customer
  /** A person's access token, for the operations that ask for one. Nothing that is read with it may be kept. */
  readonly userToken?: string
}

/** A business that shared an account with a solution. */
export interface Customer {
  readonly businessId: string
  /** Null when it was onboarded without one; then no token can be had through it. */
  readonly solutionId: string | null
}

/** Equal keys see the same data. Holds no secret. */
export function viewerKey({ app, customer }: Viewer): string {
  return customer ? `${app.appId}/${customer.solutionId}/${customer.businessId}` : app.appId
}

/**
 * Whose token a call needs. Part of the operation, never the caller's choice, and never replaced by a
 * stronger one: `system` is the partner's own system user, `business` the customer's business token, `user` the token of
 * a person that came with the request and is forgotten with it, `app` the app's id and secret, for the app's own
 * settings. `none` sends neither token nor proof: the call proves itself by what it carries.
 */
export type TokenKind = 'system' | 'business' | 'user' | 'app' | 'none'

/** One token of one app.  */
export interface Credential {
  readonly appId: string
  readonly kind: Exclude<TokenKind, 'none'>
  readonly token: string
  readonly appSecret: string
}

/** A call that proves itself by what it carries; the app is known for its budgets only. */
export interface Unsigned {
  readonly appId: string
  readonly kind: 'none'
}

export function systemCredential(app: AppConfig): Credential {
  return { appId: app.appId, kind: 'system', token: app.systemToken, appSecret: app.appSecrets[0] }
}

/** `{app-id}|{app-secret}`: developers.facebook.com/docs/facebook-login/guides/access-tokens */
export function appCredential({ appId, appSecrets: [appSecret] }: AppConfig): Credential {
  return { appId, kind: 'app', token: appToken(appId, appSecret), appSecret }
}

export function appToken(appId: string, appSecret: string): string {
  return `${appId}|${appSecret}`
}
