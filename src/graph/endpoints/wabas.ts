import { z } from 'zod'
import { get, type Endpoint } from '../endpoint.ts'
import { nodes, type WabaNode } from '../nodes.ts'
import { pageShape, type Page } from '../paging.ts'
import { text, graphIdShape } from '../shapes.ts'
import type { PageArgs } from './solutions.ts'

export interface ClientWabaFilter {
  /** Portfolio id of the partner of a solution, not its app id. */
  readonly partnerBusinessId?: string | undefined
  /** Unix seconds. */
  readonly createdAfter?: number | undefined
  readonly createdBefore?: number | undefined
  readonly sort?: 'creation_time_ascending' | 'creation_time_descending' | undefined
}

type FieldsPage = PageArgs & { fields: string }
const page = ({ limit, after, fields }: FieldsPage) => ({ limit: String(limit), after, fields })

const wabasPage = pageShape(nodes.ClientWaba.shape)

/** Accounts shared with the portfolio. Filters go into the query as JSON, as the guides' syntax line has it. */
export const listClientWabas = (
  businessId: string,
  args: FieldsPage & ClientWabaFilter,
): Endpoint<Page<WabaNode>> =>
  get(
    [businessId, 'client_whatsapp_business_accounts'],
    { ...page(args), sort: args.sort, filtering: filtering(args) },
    wabasPage,
  )

/** The portfolio's own accounts: Meta's guide "Manage accounts", with the system token. The same filters by time, and order. */
export const listOwnedWabas = (
  businessId: string,
  args: FieldsPage & ClientWabaFilter,
): Endpoint<Page<WabaNode>> =>
  get(
    [businessId, 'owned_whatsapp_business_accounts'],
    { ...page(args), sort: args.sort, filtering: filtering(args) },
    wabasPage,
  )

function filtering(filter: ClientWabaFilter): string | undefined {
  const parts = [
    filter.partnerBusinessId && { field: 'partners', operator: 'ALL', value: [filter.partnerBusinessId] },
    filter.createdAfter !== undefined && time('GREATER_THAN', filter.createdAfter),
    filter.createdBefore !== undefined && time('LESS_THAN', filter.createdBefore),
  ].filter(Boolean)
  return parts.length > 0 ? JSON.stringify(parts) : undefined
}

const time = (operator: string, seconds: number) => ({
  field: 'creation_time',
  operator,
  value: String(seconds),
})

const subscribedAppShape = z.looseObject({
  whatsapp_business_api_data: nodes.App.shape,
  override_callback_uri: text,
})
export type SubscribedApp = z.infer<typeof subscribedAppShape>
export const subscribedAppsPage = pageShape(subscribedAppShape)

/** Meta's page "Override webhooks" shows no paging, and none is asked for; should Graph page it all the same, it goes on. */
export const listSubscribedApps = (
  wabaId: string,
  after: string | undefined,
): Endpoint<Page<SubscribedApp>> => get([wabaId, 'subscribed_apps'], { after }, subscribedAppsPage)

const ownerShape = z.looseObject({ owner_business_info: z.looseObject({ id: graphIdShape }) })

/** Who owns an account, read with a token that has just come and is not yet anybody's. */
export const readOwner = (wabaId: string): Endpoint<z.infer<typeof ownerShape>> =>
  get([wabaId], { fields: 'owner_business_info' }, ownerShape, 'user')
