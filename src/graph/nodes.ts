import { z } from 'zod'
import type { Field, FieldTree } from './fields.ts'
import {
  field,
  many,
  nodeType,
  one,
  type EdgeNodeField,
  type NodeField,
  type NodeOf,
  type NodeType,
} from './node-type.ts'
import {
  anyNode,
  authRatesShape,
  fact,
  flag,
  graphIdShape,
  healthShape,
  instant,
  onBehalfOfShape,
  text,
  texts,
  throughputShape,
} from './shapes.ts'

// Every field of Graph's nodes that the gateway asks for, each in one row: what Graph sends, how long that may be believed,
// whose token reads it, what lies below it. Shapes are loose on purpose: Meta adds keys, leaves empty fields out, and sends
// enum values that its pages do not list. What the gateway relies on is checked, everything else passes.

/** What Meta changes by itself, not always with a webhook. */
const moment = 30_000
/** Settings, and what comes and goes in lists. */
const minute = 60_000
/** What people change now and then; nothing tells the gateway of it. */
const hour = 60 * minute
/** What a decision about money rests on is read anew. */
const never = 0

const App = nodeType({
  name: 'App',
  graphName: 'Application',
  fields: { name: field(text, hour), link: field(text, hour) },
})

const Partner = nodeType({
  name: 'Partner',
  graphName: 'WhatsAppBusinessSolutionPartner',
  fields: {
    status: field(text, moment),
    partner_permissions: field(texts, minute),
    partner_app: one(App, hour),
  },
})

const Solution = nodeType({
  name: 'Solution',
  graphName: 'WhatsAppBusinessSolution',
  witness: 'status_for_pending_request',
  fields: {
    name: field(text, hour),
    status: field(text, moment),
    status_for_pending_request: field(text, moment),
    owner_app: one(App, hour),
    owner_permissions: field(texts, minute),
    partners: many(Partner, minute, 100),
  },
})

const PhoneNumber = nodeType({
  name: 'PhoneNumber',
  graphName: 'WhatsAppBusinessPhoneNumber',
  witness: 'display_phone_number',
  fields: {
    display_phone_number: field(text, hour),
    verified_name: field(text, hour),
    status: field(text, moment),
    quality_rating: field(text, moment),
    name_status: field(fact, moment),
    new_display_name: field(fact, moment),
    new_name_status: field(fact, moment),
    code_verification_status: field(fact, moment),
    throughput: field(throughputShape, moment),
    whatsapp_business_manager_messaging_limit: field(fact, moment),
    account_mode: field(fact, minute),
    platform_type: field(fact, moment),
    is_on_biz_app: field(flag, moment),
    is_official_business_account: field(flag, minute),
    last_onboarded_time: field(instant, minute),
    health_status: field(healthShape, moment),
  },
})

const ClientWaba = nodeType({
  name: 'ClientWaba',
  graphName: 'WhatsAppBusinessAccount',
  witness: 'message_template_namespace',
  fields: {
    name: field(text, hour),
    currency: field(text, hour),
    country: field(text, hour),
    timezone_id: field(z.union([z.string(), z.number()]).transform(String).optional(), hour),
    message_template_namespace: field(text, hour),
    ownership_type: field(text, hour),
    account_review_status: field(text, moment),
    business_verification_status: field(text, moment),
    // Meta's guide "Share and revoke credit lines". The account is opened by accounts/token.ts, which knows the exceptions.
    primary_funding_id: field(fact, never, { token: 'business', shown: false }),
    owner_business_info: field(anyNode.nullish(), hour, { token: 'business', shown: false }),
    // Meta's Business SDK has it, and no page says so.
    owner_business: field(anyNode.nullish(), moment, { shown: false }),
    status: field(fact, moment),
    creation_time: field(instant, hour),
    is_enabled_for_insights: field(flag, hour),
    is_shared_with_partners: field(flag, minute),
    disable_marketing_messages_on_cloud_api: field(flag, minute),
    marketing_messages_lite_api_status: field(fact, minute),
    marketing_messages_onboarding_status: field(fact, minute),
    primary_business_location: field(fact, hour),
    purchase_order_number: field(fact, hour),
    whatsapp_business_manager_messaging_limit: field(fact, moment),
    on_behalf_of_business_info: field(onBehalfOfShape, hour),
    auth_international_rate_eligibility: field(authRatesShape, hour),
    health_status: field(healthShape, moment),
    phone_numbers: many(PhoneNumber, minute, 25),
    solutions: many(Solution, minute, 25),
  },
})

const Business = nodeType({
  name: 'Business',
  graphName: 'Business',
  fields: {
    name: field(text, hour),
    // Meta's guide "Partner-led business verification": a customer's status takes the business token.
    verification_status: field(text, moment, { token: 'business' }),
  },
})

// Meta's Business SDK, ExtendedCredit and ExtendedCreditAllocationConfig; its page "Share and revoke credit lines" reads all
// of it with the system token. A record is told of by events.
const CreditLine = nodeType({
  name: 'CreditLine',
  graphName: 'ExtendedCredit',
  witness: 'legal_entity_name',
  fields: { legal_entity_name: field(text, hour) },
})

const CreditAllocation = nodeType({
  name: 'CreditAllocation',
  graphName: 'ExtendedCreditAllocationConfig',
  witness: 'request_status',
  fields: {
    request_status: field(text, moment),
    receiving_business: field(Business.shape.nullish(), hour),
    receiving_credential: field(anyNode.nullish(), hour),
    owning_credential: field(anyNode.nullish(), hour),
  },
})

export const nodes = {
  App,
  Partner,
  Solution,
  PhoneNumber,
  ClientWaba,
  Business,
  CreditLine,
  CreditAllocation,
}

type Nodes = typeof nodes

export type AppNode = NodeOf<typeof App>
export type PartnerNode = NodeOf<typeof Partner>
export type SolutionNode = NodeOf<typeof Solution>
export type PhoneNumberNode = NodeOf<typeof PhoneNumber>
export type WabaNode = NodeOf<typeof ClientWaba>
export type CreditLineNode = NodeOf<typeof CreditLine>
export type CreditAllocationNode = NodeOf<typeof CreditAllocation>

/** Nodes that are read by their id; a partner is read through its solution. */
export type GraphNodeType = Exclude<keyof Nodes, 'Partner'>
/** What each of them looks like. */
export type GraphNodes = { readonly [T in GraphNodeType]: NodeOf<Nodes[T]> }

/** The names of a type's fields. */
export type FieldName<T extends GraphNodeType> = keyof Nodes[T]['fields'] & string

/** The rows of a type's edges, by the edge's name. */
type EdgesOf<Fields> = {
  [
    Name in keyof Fields as Fields[Name] extends EdgeNodeField<infer _> ? Name : never
  ]: Fields[Name] extends EdgeNodeField<infer Row> ? Row : never
}
export type Edges<T extends GraphNodeType> = EdgesOf<Nodes[T]['fields']>

const byName: Readonly<Record<string, NodeType>> = nodes
const id = field(graphIdShape, Infinity)
const unlisted = field(z.unknown(), moment)

/** An id is for ever; of a field without a row as little is believed as of a status. */
export const rowOf = (type: string, name: string): NodeField =>
  name === 'id' ? id : (byName[type]?.fields[name] ?? unlisted)

export const witnessOf = (type: string): string => byName[type]?.witness ?? 'id'

/** Our name of a node type that Graph names in a message. Some of its names are guesses, and not relied on. */
export const typeNamed = (graphName: string | undefined): string | undefined =>
  Object.values(byName).find((type) => type.graphName === graphName)?.name

/**
 * Everything that the graph shows of a type, edges at their first page: what a write reads back, and what the subscribers
 * of one event share.
 */
export function shownFields(type: string): FieldTree {
  const known = shownOf.get(type) ?? ['id', ...shownNames(type).map((name) => shownField(type, name))]
  shownOf.set(type, known)
  return known
}

const shownOf = new Map<string, FieldTree>()

const shownNames = (type: string): readonly string[] =>
  Object.entries(byName[type]?.fields ?? {}).flatMap(([name, { shown }]) => (shown ? [name] : []))

/** One field with all that is shown below it. */
export function shownField(type: string, name: string): Field {
  const { of, shown } = rowOf(type, name)
  if (of === undefined) return name
  return { name, ...(typeof shown === 'number' && { limit: shown }), fields: shownFields(of) }
}

/** Lists that are no field of a node here. */
const lists: Readonly<Record<string, number>> = {
  whatsapp_business_solutions: minute,
  client_whatsapp_business_accounts: minute,
  owned_whatsapp_business_accounts: minute,
  subscribed_apps: minute,
}
const edges = Object.values(byName).flatMap(({ fields }) =>
  Object.entries(fields).filter(([, row]) => row.edge),
)
const pages = { ...lists, ...Object.fromEntries(edges.map(([name, { lifetimeMs }]) => [name, lifetimeMs])) }

/** How long a page of a list may be kept; null when not at all, as of lists that give tokens. */
export const pageLifetimeOf = (path: readonly string[]): number | null => pages[path.at(-1) ?? ''] ?? null
