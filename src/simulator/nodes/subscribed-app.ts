import { z } from 'zod'

import type { AppRow, WabaRow, World } from '../world/rows.ts'
import { type BoundEdge, type BoundNode, value } from './bound.ts'

const AppData = z.strictObject({ id: z.string(), name: z.string(), link: z.url() })

/** Meta's page "Override webhooks": rows have no id, and the list no paging. */
export function subscribedAppsOf(world: World, waba: WabaRow): BoundEdge {
  return {
    path: `${waba.id}/subscribed_apps`,
    takes: [],
    paged: false,
    keys: () => [...waba.subscribed.keys()],
    row: (key) => {
      const app = world.apps.get(key)
      return app && rowNode(app, waba.subscribed.get(key) ?? undefined)
    },
  }
}

function rowNode(app: AppRow, override: string | undefined): BoundNode {
  return {
    type: 'WhatsAppBusinessAccountSubscribedApp',
    defaults: ['whatsapp_business_api_data', 'override_callback_uri'],
    fields: {
      whatsapp_business_api_data: value(AppData, () => ({ id: app.id, name: app.name, link: app.link })),
      override_callback_uri: value(z.url().optional(), () => override),
    },
  }
}
