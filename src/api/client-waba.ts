import type { GraphQLResolveInfo } from 'graphql'
import type { Ctx } from '../context.ts'
import { listPhoneNumbers, listSubscribedApps, listWabaSolutions } from '../graph/endpoints/wabas.ts'
import { printFields } from '../graph/fields.ts'
import { mapConnection } from '../connection.ts'
import { connect, emptyPage, pageSize, type ConnectionArgs } from '../loaders/connect.ts'
import { findNode } from '../loaders/find.ts'
import { Seen } from '../loaders/seen.ts'
import { phoneNumberFields, phoneNumbersFields } from '../wabas/fields.ts'
import { ownerOf } from '../wabas/owner.ts'
import { builder } from './builder.ts'
import { forwardArgs } from './connection.ts'
import { Node } from './node.ts'
import { App, Business, ClientWaba, PhoneNumberConnection, SolutionConnection } from './refs.ts'
import { readId } from './refuse.ts'
import { firstPageSize, plan, selectedBelow, type Needs, type SelectedField } from './selection.ts'
import { solutionNeeds } from './solution.ts'

type Scalar =
  | 'name'
  | 'currency'
  | 'country'
  | 'timezone_id'
  | 'message_template_namespace'
  | 'ownership_type'
  | 'account_review_status'
  | 'business_verification_status'

export const wabaNeeds: Needs = {
  name: ['name'],
  currency: ['currency'],
  country: ['country'],
  timezoneId: ['timezone_id'],
  messageTemplateNamespace: ['message_template_namespace'],
  ownershipType: ['ownership_type'],
  accountReviewStatus: ['account_review_status'],
  businessVerificationStatus: ['business_verification_status'],
  solutions: (field) => nested('solutions', field, plan(solutionNeeds, field.below('edges', 'node'))),
  phoneNumbers: (field) => nested('phone_numbers', field, phoneNumberFields),
}

function nested(name: string, field: SelectedField, fields: ReturnType<typeof plan>) {
  const limit = firstPageSize(field)
  return limit === null ? [] : [{ name, limit, fields }]
}

const read = (field: Scalar) => {
  const fields = [field]
  return (waba: Seen<'ClientWaba'>, _: object, ctx: Ctx) =>
    waba.read(ctx.reads, fields, (node) => node[field] ?? null)
}

ClientWaba.implement({
  description:
    "A customer's WhatsApp Business Account shared with the business portfolio of one of the apps.",
  interfaces: [Node],
  isTypeOf: (value) => Seen.is('ClientWaba', value),
  fields: (t) => ({
    wabaId: t.exposeString('id', { description: "Meta's id of the account." }),
    name: t.string({ nullable: true, description: 'Name of the account.', resolve: read('name') }),
    currency: t.string({
      nullable: true,
      description: 'ISO 4217 code that the account is billed in; null until it is set.',
      resolve: read('currency'),
    }),
    country: t.string({
      nullable: true,
      description: 'ISO 3166 code, where Graph gives one.',
      resolve: read('country'),
    }),
    timezoneId: t.string({
      nullable: true,
      description: "Meta's number of a time zone, as text.",
      resolve: read('timezone_id'),
    }),
    messageTemplateNamespace: t.string({
      nullable: true,
      description: "Namespace of the account's message templates.",
      resolve: read('message_template_namespace'),
    }),
    ownershipType: t.string({
      nullable: true,
      description: 'Who owns the account, as Graph names it (open list: CLIENT_OWNED, ON_BEHALF_OF, SELF …).',
      resolve: read('ownership_type'),
    }),
    accountReviewStatus: t.string({
      nullable: true,
      description: "Outcome of Meta's review, as sent (open list: PENDING, APPROVED, REJECTED …).",
      resolve: read('account_review_status'),
    }),
    businessVerificationStatus: t.string({
      nullable: true,
      description:
        "Verification of the owner, as sent. Meta's documents print it in lower and in upper case.",
      resolve: read('business_verification_status'),
    }),
    ownerBusiness: t.field({
      type: Business,
      nullable: true,
      description:
        "The customer's business portfolio, from the onboarding webhook; its own fields are read with the customer's " +
        'business token. TOKEN_INVALID when no onboarding of this account has been seen.',
      resolve: (waba, _, ctx) => ownerOf(ctx, waba.id, waba.viewer),
    }),
    solutions: t.field({
      type: SolutionConnection,
      nullable: true,
      description: 'The solutions that onboarded this account.',
      args: forwardArgs,
      resolve: (waba, args, ctx, info) => solutionsOf(waba, args, ctx, info),
    }),
    phoneNumbers: t.field({
      type: PhoneNumberConnection,
      nullable: true,
      description: "The account's phone numbers.",
      args: forwardArgs,
      resolve: (waba, args, ctx) => phoneNumbersOf(waba, args, ctx),
    }),
    subscribedApps: t.field({
      type: [App],
      nullable: true,
      description: "The apps that get this account's webhooks.",
      resolve: (waba, _, ctx) => subscribedAppsOf(waba, ctx),
    }),
  }),
})

async function solutionsOf(
  waba: Seen<'ClientWaba'>,
  args: ConnectionArgs,
  ctx: Ctx,
  info: GraphQLResolveInfo,
) {
  const fields = plan(solutionNeeds, selectedBelow(info, 'edges', 'node'))
  const need = [{ name: 'solutions', limit: pageSize(args.first), fields }]
  const brought = args.after == null ? ((await waba.get(ctx.reads, need)).solutions ?? emptyPage) : null
  const page = await connect(
    args,
    (limit, after) =>
      ctx.graph.call(
        listWabaSolutions(waba.id, { limit, after: after ?? undefined, fields: printFields(fields) }),
        waba.viewer,
        ctx.signal,
      ),
    brought,
  )
  return mapConnection(page, (node) => new Seen('Solution', node.id, waba.viewer, fields, node))
}

async function phoneNumbersOf(waba: Seen<'ClientWaba'>, args: ConnectionArgs, ctx: Ctx) {
  const need = phoneNumbersFields(pageSize(args.first))
  const brought = args.after == null ? ((await waba.get(ctx.reads, need)).phone_numbers ?? emptyPage) : null
  const fields = printFields(phoneNumberFields)
  const page = await connect(
    args,
    (limit, after) =>
      ctx.graph.call(
        listPhoneNumbers(waba.id, { limit, after: after ?? undefined, fields }),
        waba.viewer,
        ctx.signal,
      ),
    brought,
  )
  return mapConnection(page, (node) => new Seen('PhoneNumber', node.id, waba.viewer, phoneNumberFields, node))
}

async function subscribedAppsOf(waba: Seen<'ClientWaba'>, ctx: Ctx) {
  const page = await ctx.graph.call(listSubscribedApps(waba.id), waba.viewer, ctx.signal)
  const apps = page.data.map((row) => row.whatsapp_business_api_data)
  return apps.map((app) => new Seen('App', app.id, waba.viewer, ['id', 'name', 'link'], app))
}

builder.queryField('clientWaba', (t) =>
  t.field({
    type: ClientWaba,
    nullable: true,
    description: "A customer's account that one of the apps can see; null when there is none.",
    args: { id: t.arg.id({ required: true, description: 'Global id or WABA id.' }) },
    resolve: (_, { id }, ctx, info) =>
      findNode(
        ctx.reads,
        'ClientWaba',
        readId('ClientWaba', 'id', id),
        plan(wabaNeeds, selectedBelow(info)),
        ctx.actor.apps,
      ),
  }),
)
