import { z } from 'zod'

import { latestVersion } from '../graph/version.ts'
import type { Subscription } from '../webhooks/subscriptions.ts'
import { type BoundNode, value } from './bound.ts'

const fieldShape = z.strictObject({ name: z.string(), version: z.string() })

/** One row of `GET /{app}/subscriptions`; it has no id. */
export function subscriptionNode(subscription: Subscription): BoundNode {
  return {
    type: 'AppSubscription',
    defaults: ['object', 'callback_url', 'active', 'fields'],
    fields: {
      object: value(z.string(), () => subscription.object),
      callback_url: value(z.url(), () => subscription.callbackUrl),
      active: value(z.boolean(), () => true),
      fields: value(z.array(fieldShape), () =>
        subscription.fields.map((name) => ({ name, version: latestVersion })),
      ),
    },
  }
}
