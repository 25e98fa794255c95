import type { TokenKind } from '../graph/endpoint.ts'
import { listPartners } from '../graph/endpoints/solutions.ts'
import { listPhoneNumbers, listWabaSolutions } from '../graph/endpoints/wabas.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import type { Page } from '../graph/paging.ts'

/** One field of a Graph node: how long what it says may be kept, whose token reads it, and what lies below it. */
export interface FieldDefinition {
  readonly lifetimeMs: number
  /** Of a customer's object; of the app's own portfolio the system token reads it as well. */
  readonly token?: TokenKind
  /** The type of what lies below it. */
  readonly of?: string
  /** How to read it when Graph does not take it inside `fields=`. */
  readonly edge?: (id: string, page: { limit: number; fields: string }) => Endpoint<Page<unknown>>
}

const minute = 60_000
/** What people change now and then; nothing tells the gateway of it. */
const long: FieldDefinition = { lifetimeMs: 60 * minute }
/** What Meta changes by itself, not always with a webhook. */
const short: FieldDefinition = { lifetimeMs: minute / 2 }
const list = { lifetimeMs: minute }

/** Every field that is asked of Graph, by type. */
const definitions: Readonly<Record<string, Readonly<Record<string, FieldDefinition>>>> = {
  App: { name: long, link: long },
  Solution: {
    name: long,
    status: short,
    status_for_pending_request: short,
    owner_permissions: list,
    owner_app: { ...long, of: 'App' },
    partners: { ...list, of: 'Partner', edge: listPartners },
  },
  Partner: { status: short, partner_permissions: list, partner_app: { ...long, of: 'App' } },
  ClientWaba: {
    name: long,
    currency: long,
    country: long,
    timezone_id: long,
    message_template_namespace: long,
    ownership_type: long,
    account_review_status: short,
    business_verification_status: short,
    // Meta's guide "Share and revoke credit lines": both are read with the customer's token.
    owner_business_info: { ...long, token: 'business' },
    // What a decision about money rests on is read anew.
    primary_funding_id: { lifetimeMs: 0, token: 'business' },
    status: short,
    creation_time: long,
    is_enabled_for_insights: long,
    is_shared_with_partners: list,
    disable_marketing_messages_on_cloud_api: list,
    marketing_messages_lite_api_status: list,
    marketing_messages_onboarding_status: list,
    primary_business_location: long,
    purchase_order_number: long,
    whatsapp_business_manager_messaging_limit: short,
    on_behalf_of_business_info: long,
    auth_international_rate_eligibility: long,
    health_status: short,
    solutions: { ...list, of: 'Solution', edge: listWabaSolutions },
    phone_numbers: { ...list, of: 'PhoneNumber', edge: listPhoneNumbers },
  },
  PhoneNumber: {
    display_phone_number: long,
    verified_name: long,
    status: short,
    quality_rating: short,
    name_status: short,
    new_display_name: short,
    new_name_status: short,
    code_verification_status: short,
    throughput: short,
    whatsapp_business_manager_messaging_limit: short,
    account_mode: list,
    platform_type: short,
    is_on_biz_app: short,
    is_official_business_account: list,
    last_onboarded_time: list,
    health_status: short,
  },
  // Meta's guide "Partner-led business verification": a customer's status takes the business token.
  Business: { name: long, verification_status: { ...short, token: 'business' } },
  // Meta's page "Share and revoke credit lines": all of it with the system token. A record is told of by events.
  CreditLine: { legal_entity_name: long },
  CreditAllocation: {
    request_status: short,
    receiving_business: long,
    receiving_credential: long,
    owning_credential: long,
  },
}

/** An id is for ever; of a field that is not in the table as little is believed as of a status. */
export function definitionOf(type: string, field: string): FieldDefinition {
  if (field === 'id') return forEver
  return definitions[type]?.[field] ?? short
}

const forEver: FieldDefinition = { lifetimeMs: Infinity }

const pages: Readonly<Record<string, number>> = {
  whatsapp_business_solutions: minute,
  client_whatsapp_business_accounts: minute,
  owned_whatsapp_business_accounts: minute,
  partners: minute,
  solutions: minute,
  phone_numbers: minute,
  subscribed_apps: minute,
}

/** How long a page of an edge may be kept; null when not at all, as of edges that give tokens. */
export function pageLifetimeOf(path: readonly string[]): number | null {
  return pages[path.at(-1) ?? ''] ?? null
}

/**
 * A field that only nodes of the type have. An id says nothing of its type, and Graph answers `id` and `name` for any:
 * without it the id of an app would pass for that of an account. It is never left out.
 */
export function witnessOf(type: string): string {
  return witnesses[type] ?? 'id'
}

const witnesses: Readonly<Record<string, string>> = {
  Solution: 'status_for_pending_request',
  ClientWaba: 'message_template_namespace',
  PhoneNumber: 'display_phone_number',
  CreditLine: 'legal_entity_name',
  CreditAllocation: 'request_status',
}

// Application, Business, WhatsAppBusinessAccount and the two of credit are in Meta's SDK; the others are guesses, and not relied on.
const graphNames: Readonly<Record<string, string>> = {
  Application: 'App',
  Business: 'Business',
  ExtendedCredit: 'CreditLine',
  ExtendedCreditAllocationConfig: 'CreditAllocation',
  WhatsAppBusinessAccount: 'ClientWaba',
  WhatsAppBusinessPhoneNumber: 'PhoneNumber',
  WhatsAppBusinessSolution: 'Solution',
  WhatsAppBusinessSolutionPartner: 'Partner',
}

/** Our name of a node type that Graph names in a message. */
export function typeNamed(graphName: string | undefined): string | undefined {
  return graphName === undefined ? undefined : graphNames[graphName]
}
