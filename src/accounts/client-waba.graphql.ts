import type { Ctx } from '../context.ts'
import { listSubscribedApps } from '../graph/endpoints/wabas.ts'
import { listWhole } from '../graph/paging.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { builder } from '../graphql/builder.ts'
import { forwardArgs } from '../graphql/connection.ts'
import { asSent, needs, needsPage, edgeOf } from '../graphql/graph-field.ts'
import { Node } from '../graphql/node.ts'
import { App, Business, ClientWaba, PhoneNumberConnection, SolutionConnection } from '../graphql/refs.ts'
import { readView } from '../graphql/refuse.ts'
import { plan, selectedBelow } from '../graphql/selection.ts'
import { accountOf, ownerOf } from './account.ts'
import { readSubscription, type Subscription } from './subscription.ts'

ClientWaba.implement({
  description:
    "A customer's WhatsApp Business Account shared with the business portfolio of one of the apps. In Meta's account model " +
    'since 2026-09-23 it is a Messaging account (templates, payment, analytics, webhooks), with the id that it had before; ' +
    "its numbers may be listed by accounts that the customer has with other partners as well. Source: Meta's page " +
    '"Updates to WhatsApp Business accounts".',
  interfaces: [Node],
  isTypeOf: (value) => NodeHandle.is('ClientWaba', value),
  fields: (t) => ({
    wabaId: t.exposeString('id', {
      description: "Meta's id of the account: its WABA id, which is the id of its Messaging account.",
    }),
    name: t.string({
      nullable: true,
      description: 'Name of the account. Null when Graph gives none.',
      ...asSent('ClientWaba', 'name'),
    }),
    currency: t.string({
      nullable: true,
      description: 'ISO 4217 code that the account is billed in; null until it is set.',
      ...asSent('ClientWaba', 'currency'),
    }),
    country: t.string({
      nullable: true,
      description: 'ISO 3166 code. Null when Graph gives none.',
      ...asSent('ClientWaba', 'country'),
    }),
    timezoneId: t.string({
      nullable: true,
      description: "Meta's number of a time zone, as text. Null when Graph gives none.",
      ...asSent('ClientWaba', 'timezone_id'),
    }),
    messageTemplateNamespace: t.string({
      nullable: true,
      description: "Namespace of the account's message templates. Null when Graph gives none.",
      ...asSent('ClientWaba', 'message_template_namespace'),
    }),
    ownershipType: t.string({
      nullable: true,
      description:
        'Who owns the account, as Graph names it (open list: CLIENT_OWNED, ON_BEHALF_OF, SELF …). Null when Graph gives none.',
      ...asSent('ClientWaba', 'ownership_type'),
    }),
    accountReviewStatus: t.string({
      nullable: true,
      description:
        "Outcome of Meta's review, as sent (open list: PENDING, APPROVED, REJECTED, DEFERRED …). Null when Graph gives none.",
      ...asSent('ClientWaba', 'account_review_status'),
    }),
    businessVerificationStatus: t.string({
      nullable: true,
      description:
        "Verification of the owner, as sent. Meta's documents print it in lower and in upper case. Null when Graph gives none.",
      ...asSent('ClientWaba', 'business_verification_status'),
    }),
    ownerBusiness: t.field({
      type: Business,
      nullable: true,
      description:
        "The business portfolio that owns the account: whom the app's own onboarding webhook named, else whom the app is on " +
        'record as having shared a credit line with for it, else whom Graph names, else whom another app of the caller was ' +
        "told of. A customer's own fields are read with its business token. Null with TOKEN_INVALID when nobody says.",
      ...needs(['ownership_type']),
      resolve: async (waba, _, ctx) => ownerOf(ctx, await accountOf(ctx, waba.viewer.app, waba.id)),
    }),
    solutions: t.field({
      type: SolutionConnection,
      nullable: true,
      description:
        'The solutions that onboarded this account: a list, also where most have one. Null only beside an error that says why it could not be read.',
      args: forwardArgs,
      ...needsPage('solutions'),
      resolve: (waba, args, ctx, info) =>
        edgeOf(ctx, args, info, {
          node: waba,
          name: 'solutions',
          show: (row, asked) => new NodeHandle('Solution', row.id, waba.viewer, asked, row),
        }),
    }),
    phoneNumbers: t.field({
      type: PhoneNumberConnection,
      nullable: true,
      description:
        "The account's phone numbers: those that this account lists, which others may list too. Null only beside an error that says why it could not be read.",
      args: forwardArgs,
      ...needsPage('phone_numbers'),
      resolve: (waba, args, ctx, info) =>
        edgeOf(ctx, args, info, {
          node: waba,
          name: 'phone_numbers',
          show: (row, asked) => new NodeHandle('PhoneNumber', row.id, waba.viewer, asked, row),
        }),
    }),
    subscribedApps: t.field({
      type: [App],
      nullable: true,
      description:
        "The apps that get this account's webhooks. Null only beside an error that says why it could not be read.",
      resolve: (waba, _, ctx) => subscribedAppsOf(waba, ctx),
    }),
  }),
})

async function subscribedAppsOf(waba: NodeHandle<'ClientWaba'>, ctx: Ctx) {
  const rows = await listWhole(
    (after, isOutdated) => ctx.reads.call(listSubscribedApps(waba.id, after), waba.viewer, isOutdated),
    'The account has more apps',
  )
  const apps = rows.map((row) => row.whatsapp_business_api_data)
  return apps.map((app) => new NodeHandle('App', app.id, waba.viewer, ['id', 'name', 'link'], app))
}

builder.queryField('clientWaba', (t) =>
  t.field({
    type: ClientWaba,
    nullable: true,
    description: "A customer's account that one of the apps can see; null when there is none.",
    args: {
      id: t.arg.id({
        required: true,
        description: 'Global id, as the app that it names sees it, or WABA id, as the first app that can.',
      }),
    },
    resolve: (_, args, ctx, info) => {
      const { id, apps } = readView(ctx, 'ClientWaba', 'id', args.id)
      return findNode(ctx.reads, 'ClientWaba', id, plan(selectedBelow(info)), apps)
    },
  }),
)

const WebhookSubscription = builder.objectRef<Subscription>('WebhookSubscription').implement({
  description: 'Where the webhooks of an account go, for one app.',
  fields: (t) => ({
    subscribed: t.exposeBoolean('subscribed', {
      description: 'Whether the app gets the webhooks of the account.',
    }),
    overrideCallbackUri: t.exposeString('overrideCallbackUri', {
      nullable: true,
      description:
        "Where messages and the like go in place of the app's own callback; null when there is no override. " +
        'Source: Meta\'s page "Override webhooks".',
    }),
  }),
})

builder.objectField(ClientWaba, 'webhookSubscription', (t) =>
  t.field({
    type: WebhookSubscription,
    nullable: true,
    description:
      'The subscription of the app that shows the account. Null only beside an error that says why it could not be read.',
    resolve: ({ id: wabaId, viewer: { app } }, _, ctx) => readSubscription(ctx.reads, { app, wabaId }),
  }),
)
