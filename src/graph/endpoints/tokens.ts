import { z } from 'zod'
import type { AppConfig } from '../../config/config.ts'
import { get, type Endpoint, post } from '../endpoint.ts'
import { graphBoolean, graphIdShape } from '../shapes.ts'
import type { BusinessToken } from './solutions.ts'

const exchangedShape = z.looseObject({ access_token: z.string().min(1) })

/**
 * The code of Embedded Signup for the customer's business token: GET /oauth/access_token with these three parameters, as
 * the guide "Onboarding customers as a Solution Partner" prints it. A code works once, and for 30 seconds. One that a
 * dialog with a `redirect_uri` gave is changed with the same one: page "Manually build a login flow".
 */
export const exchangeCode = (
  { appId, appSecrets: [secret] }: AppConfig,
  code: string,
  redirectUri: string | null,
): Endpoint<{ access_token: string }> => ({
  ...get(
    ['oauth', 'access_token'],
    { client_id: appId, client_secret: secret, code, redirect_uri: redirectUri ?? undefined },
    exchangedShape,
    'none',
  ),
  once: true,
  secrets: [secret, code],
})

const seconds = z.number().nullish()
const debugShape = z.looseObject({
  data: z.looseObject({
    app_id: graphIdShape.nullish(),
    user_id: graphIdShape.nullish(),
    is_valid: graphBoolean,
    expires_at: seconds,
    data_access_expires_at: seconds,
    scopes: z.array(z.string()).nullish(),
    error: z.looseObject({ code: z.number().nullish(), subcode: z.number().nullish() }).nullish(),
    granular_scopes: z
      .array(z.looseObject({ scope: z.string(), target_ids: z.array(graphIdShape).nullish() }))
      .nullish(),
  }),
})
export type TokenFacts = z.infer<typeof debugShape>['data']

/** What a token is good for. Asked with the system token: guide "Manage accounts". */
export const debugToken = (token: string): Endpoint<{ data: TokenFacts }> => ({
  ...get(['debug_token'], { input_token: token }, debugShape),
  secrets: [token],
})

/** The same of a token that the viewer has. */
export const inspectToken = (
  inspects: NonNullable<Endpoint<unknown>['inspects']>,
): Endpoint<{ data: TokenFacts }> => ({ ...get(['debug_token'], {}, debugShape), inspects })

const tokenShape = z.looseObject({ access_token: z.string().min(1), expires_at: z.number().optional() })

/**
 * The token that the app already has of a customer, for whoever was not onboarded through a solution; with `fetch_only`
 * none is made: the guide "Hosted Embedded Signup". A secret.
 */
export const fetchCustomerToken = (businessId: string): Endpoint<BusinessToken> => ({
  ...post([businessId, 'system_user_access_tokens'], { fetch_only: true }, tokenShape),
  reads: true,
})
