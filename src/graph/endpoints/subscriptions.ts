import { z } from 'zod'
import { get, type Endpoint } from '../endpoint.ts'
import { pageOf, type Page } from '../paging.ts'
import { graphBoolean } from '../shapes.ts'

const subscriptionShape = z.looseObject({
  object: z.string(),
  active: graphBoolean.nullish(),
  fields: z
    .array(z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)]))
    .nullish(),
})
export type AppSubscription = z.infer<typeof subscriptionShape>
const subscriptionsPage = pageOf(subscriptionShape)

/** What the app's webhooks are set to; an app token only: developers.facebook.com/docs/graph-api/webhooks/subscriptions-edge */
export const listSubscriptions = (appId: string): Endpoint<Page<AppSubscription>> =>
  get([appId, 'subscriptions'], {}, subscriptionsPage, 'app')
