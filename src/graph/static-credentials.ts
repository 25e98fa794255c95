import type { AppConfig } from '../config/config.ts'
import { GraphError } from './error.ts'
import type { Credential } from './request.ts'
import type { Viewer } from './viewer.ts'

export function systemCredential(app: AppConfig): Credential {
  return { appId: app.appId, kind: 'system', token: app.systemToken, appSecret: app.appSecrets[0] }
}

export function userCredential({ app, userToken }: Viewer): Credential {
  if (!userToken) throw new GraphError('token', "This needs a person's access token, and none was given.")
  return { appId: app.appId, kind: 'user', token: userToken, appSecret: app.appSecrets[0] }
}

/** `{app-id}|{app-secret}`: developers.facebook.com/docs/facebook-login/guides/access-tokens */
export function appCredential({ appId, appSecrets: [appSecret] }: AppConfig): Credential {
  return { appId, kind: 'app', token: appToken(appId, appSecret), appSecret }
}

export function appToken(appId: string, appSecret: string): string {
  return `${appId}|${appSecret}`
}
