import { z } from 'zod'
import { post, type Endpoint, get } from '../endpoint.ts'
import { doneShape, graphBoolean } from '../shapes.ts'
import { pageShape, type Page } from '../paging.ts'

type SubscribedReply = z.infer<typeof doneShape>

export interface Override {
  readonly callbackUri: string
  readonly verifyToken: string
}

/**
 * POST /{waba}/subscribed_apps subscribes the app that the token was issued to. Without an override it takes an
 * override away that is set: Meta's page "Override webhooks".
 */
export const subscribeApp = (wabaId: string, override: Override | null): Endpoint<SubscribedReply> => ({
  ...post(
    [wabaId, 'subscribed_apps'],
    override
      ? { override_callback_uri: override.callbackUri, verify_token: override.verifyToken }
      : undefined,
    doneShape,
    'business',
  ),
  ...(override && { secrets: [override.verifyToken] }),
})

export const unsubscribeApp = (wabaId: string): Endpoint<SubscribedReply> => ({
  method: 'DELETE',
  path: [wabaId, 'subscribed_apps'],
  token: 'business',
  expect: doneShape,
})

const subscriptionShape = z.looseObject({
  object: z.string(),
  active: graphBoolean.nullish(),
  fields: z
    .array(z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]))
    .nullish(),
})
export type AppSubscription = z.infer<typeof subscriptionShape>
const subscriptionsPage = pageShape(subscriptionShape)

/** What the app's webhooks are set to; an app token only: developers.facebook.com/docs/graph-api/webhooks/subscriptions-edge */
export const listSubscriptions = (appId: string, after?: string): Endpoint<Page<AppSubscription>> =>
  get([appId, 'subscriptions'], { after }, subscriptionsPage, 'app')
