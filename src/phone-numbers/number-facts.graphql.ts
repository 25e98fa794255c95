import type { Ctx } from '../context.ts'
import type { PhoneNumberNode } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import { unlessRefused } from '../graph/outcome-of.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { coexistenceFields, isCoexistence } from '../accounts/coexistence.ts'
import { builder } from '../graphql/builder.ts'
import { PhoneNumber } from '../graphql/refs.ts'
import type { FieldOf } from '../graphql/text-field.ts'

function pick<R>(fields: FieldTree, show: (node: Partial<PhoneNumberNode>) => R) {
  return (number: NodeHandle<'PhoneNumber'>, _: object, ctx: Ctx) => number.read(ctx.reads, fields, show)
}

const text = (field: FieldOf<'PhoneNumber', string>) => pick([field], (node) => node[field] ?? null)
const flag = (field: FieldOf<'PhoneNumber', boolean>) => pick([field], (node) => node[field] ?? null)
const instant = (field: FieldOf<'PhoneNumber', number>) => pick([field], (node) => node[field] ?? null)

/** What Graph does not take of the app cannot be told; that is no error of this field. */
function coexistenceOf(
  number: NodeHandle<'PhoneNumber'>,
  { reads }: Ctx,
): Promise<boolean | null> | boolean | null {
  const read = number.read(reads, coexistenceFields, isCoexistence)
  return read instanceof Promise ? unlessRefused(read) : read
}

const none = 'Null when Graph gives none.'
const sparable = 'Not every app and version has it: then null with an error that says so.'
const nameStatuses =
  'APPROVED, AVAILABLE_WITHOUT_REVIEW, DECLINED, EXPIRED, PENDING_REVIEW or NONE (open list)'

builder.objectFields(PhoneNumber, (t) => ({
  nameStatus: t.string({
    nullable: true,
    description: `Review of \`verifiedName\`: ${nameStatuses}. ${none} ${sparable}`,
    resolve: text('name_status'),
  }),
  newDisplayName: t.string({
    nullable: true,
    description: `A display name that was asked for and is not in use yet. Null when none waits. ${sparable}`,
    resolve: text('new_display_name'),
  }),
  newNameStatus: t.string({
    nullable: true,
    description: `Review of \`newDisplayName\`: ${nameStatuses}. Once APPROVED the number has to be registered again. ${none} ${sparable}`,
    resolve: text('new_name_status'),
  }),
  codeVerificationStatus: t.string({
    nullable: true,
    description: `Whether the owner has proved the number with a code: VERIFIED, NOT_VERIFIED or EXPIRED (open list). Only a VERIFIED number can be registered. ${none}`,
    resolve: text('code_verification_status'),
  }),
  throughput: t.string({
    nullable: true,
    description: `Level of messages per second, as Graph sends it (open list, e.g. STANDARD: 80). A number that is used with the WhatsApp Business app as well has 20. ${none}`,
    resolve: text('throughput'),
  }),
  messagingLimit: t.string({
    nullable: true,
    description: `How many people may be written to first within 24 hours: TIER_50, TIER_250, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED or UNTIERED (open list). It is the portfolio's, shared by all its numbers and by all partners on them. ${none} Source: Meta's page "Messaging limits". ${sparable}`,
    resolve: text('whatsapp_business_manager_messaging_limit'),
  }),
  accountMode: t.string({
    nullable: true,
    description: `LIVE or SANDBOX (open list). ${none}`,
    resolve: text('account_mode'),
  }),
  platformType: t.string({
    nullable: true,
    description: `Where the number is hosted, as Graph sends it (open list, e.g. CLOUD_API). ${none}`,
    resolve: text('platform_type'),
  }),
  isOnBizApp: t.boolean({
    nullable: true,
    description: `Whether the number is in use in the WhatsApp Business app. ${none} ${sparable}`,
    resolve: flag('is_on_biz_app'),
  }),
  coexistence: t.boolean({
    nullable: true,
    description:
      'Whether the customer uses the number in the WhatsApp Business app and on the Cloud API at once: `isOnBizApp`, and `platformType` CLOUD_API. Such a number is live already and must not be registered. Null when it cannot be told. Source: Meta\'s guide "Onboarding WhatsApp Business app users".',
    resolve: (number, _, ctx) => coexistenceOf(number, ctx),
  }),
  isOfficialBusinessAccount: t.boolean({
    nullable: true,
    description: `Whether WhatsApp shows the number as an official business account. ${none}`,
    resolve: flag('is_official_business_account'),
  }),
  lastOnboardedTime: t.field({
    type: 'DateTime',
    nullable: true,
    description: `When the number last came to the platform. ${none} ${sparable}`,
    resolve: instant('last_onboarded_time'),
  }),
}))
