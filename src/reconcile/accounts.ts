import type { WabaNode } from '../graph/nodes.ts'
import { listClientWabas, subscribedAppsPage } from '../graph/endpoints/wabas.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { AppConfig } from '../config/config.ts'
import { readAll, type ListRead, type Paced } from './reads.ts'

export interface SeenAccount {
  readonly id: string
  /** Whether this app's webhooks of the account are shown to be on. */
  readonly showsSubscription: boolean
}

const plain: FieldTree = ['id']
// Meta's OpenAPI file has this edge among the fields of a client account; no guide shows it there.
const withSubscriptions: FieldTree = ['id', { name: 'subscribed_apps' }]

/** Every account shared with the portfolio, whichever partner it came through. */
export function readAccounts(
  paced: Paced,
  app: AppConfig,
  wantsSubscriptions: boolean,
): Promise<ListRead<SeenAccount>> {
  return readList(paced, app, wantsSubscriptions ? withSubscriptions : plain)
}

/**
 * Accounts that came through a solution with this portfolio, the way that the guide "Multi-Partner Solutions" names
 * for a webhook that did not come. It shows fewer than there are, so it can tell of arrivals only.
 */
export async function readPartnerAccounts(
  paced: Paced,
  app: AppConfig,
  partnerBusinessId: string,
): Promise<ListRead<SeenAccount>> {
  return { ...(await readList(paced, app, plain, partnerBusinessId)), complete: false }
}

async function readList(
  paced: Paced,
  app: AppConfig,
  wanted: FieldTree,
  partnerBusinessId?: string,
): Promise<ListRead<SeenAccount>> {
  const list = await readAll((after) =>
    paced.page('ClientWaba', wanted, (fields) =>
      listClientWabas(app.businessId, { limit: 100, after, fields, partnerBusinessId }),
    ),
  )
  return { ...list, rows: list.rows.map((node) => seen(node, app.appId)) }
}

function seen(node: WabaNode, appId: string): SeenAccount {
  const page = subscribedAppsPage.safeParse(node['subscribed_apps'])
  const apps = page.success ? page.data.data : []
  return {
    id: node.id,
    showsSubscription: apps.some((row) => row.whatsapp_business_api_data.id === appId),
  }
}
