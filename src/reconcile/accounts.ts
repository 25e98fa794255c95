import { subscribedAppsPage, type WabaNode } from '../graph/endpoints/shapes.ts'
import { listClientWabas } from '../graph/endpoints/wabas.ts'
import { printFields } from '../graph/fields.ts'
import type { AppConfig } from '../config.ts'
import type { Refusals, Suspect } from '../loaders/refusals.ts'
import { readAll, type ListRead, type Read } from './reads.ts'

export interface SeenAccount {
  readonly id: string
  /** Whether this app's webhooks of the account are shown to be on. */
  readonly showsSubscription: boolean
}

const plain = printFields(['id'])
// Meta's OpenAPI file has this edge among the fields of a client account; no guide shows it there.
const withSubscriptions = printFields(['id', { name: 'subscribed_apps' }])

const subscriptions: Suspect = { type: 'ClientWaba', field: 'subscribed_apps' }

/** Every account shared with the portfolio, whichever partner it came through. */
export async function readAccounts(
  read: Read,
  app: AppConfig,
  refusals: Refusals,
  wantsSubscriptions: boolean,
): Promise<ListRead<SeenAccount>> {
  const isOpen = refusals.of(app.appId, subscriptions) === null
  const nested = wantsSubscriptions && isOpen ? await readList(read, app, withSubscriptions) : null
  const error = nested?.error
  const refused = error?.kind === 'invalid' || error?.kind === 'permission'
  if (nested && !refused) return nested
  const list = await readList(read, app, plain)
  if (error && list.complete) refusals.remember(app.appId, { ...subscriptions, error, isOfPlace: false }, '')
  return list
}

/**
 * Accounts that came through a solution with this portfolio, the way that the guide "Multi-Partner Solutions" names
 * for a webhook that did not come. It shows fewer than there are, so it can tell of arrivals only.
 */
export async function readPartnerAccounts(
  read: Read,
  app: AppConfig,
  partnerBusinessId: string,
): Promise<ListRead<SeenAccount>> {
  return { ...(await readList(read, app, plain, partnerBusinessId)), complete: false }
}

async function readList(
  read: Read,
  app: AppConfig,
  fields: string,
  partnerBusinessId?: string,
): Promise<ListRead<SeenAccount>> {
  const list = await readAll(read, (after) =>
    listClientWabas(app.businessId, { limit: 100, after, fields, partnerBusinessId }),
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
