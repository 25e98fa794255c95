import type { Ctx } from '../context.ts'
import { unlessRefused } from '../graph/error.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { builder } from '../graphql/builder.ts'
import { asSent, needs } from '../graphql/graph-field.ts'
import { PhoneNumber } from '../graphql/refs.ts'
import { coexistenceFields, isCoexistence } from './numbers.ts'

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
    ...asSent('PhoneNumber', 'name_status'),
  }),
  newDisplayName: t.string({
    nullable: true,
    description: `A display name that was asked for and is not in use yet. Null when none waits. ${sparable}`,
    ...asSent('PhoneNumber', 'new_display_name'),
  }),
  newNameStatus: t.string({
    nullable: true,
    description: `Review of \`newDisplayName\`: ${nameStatuses}. Once APPROVED the number has to be registered again. ${none} ${sparable}`,
    ...asSent('PhoneNumber', 'new_name_status'),
  }),
  codeVerificationStatus: t.string({
    nullable: true,
    description: `Whether the owner has proved the number with a code: VERIFIED, NOT_VERIFIED or EXPIRED (open list). Only a VERIFIED number can be registered. ${none}`,
    ...asSent('PhoneNumber', 'code_verification_status'),
  }),
  throughput: t.string({
    nullable: true,
    description: `Level of messages per second, as Graph sends it (open list, e.g. STANDARD: 80). A number that is used with the WhatsApp Business app as well has 20. ${none}`,
    ...asSent('PhoneNumber', 'throughput'),
  }),
  messagingLimit: t.string({
    nullable: true,
    description: `How many people may be written to first within 24 hours: TIER_50, TIER_250, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED or UNTIERED (open list). It is the portfolio's, shared by all its numbers and by all partners on them. ${none} Source: Meta's page "Messaging limits". ${sparable}`,
    ...asSent('PhoneNumber', 'whatsapp_business_manager_messaging_limit'),
  }),
  accountMode: t.string({
    nullable: true,
    description: `LIVE or SANDBOX (open list). ${none}`,
    ...asSent('PhoneNumber', 'account_mode'),
  }),
  platformType: t.string({
    nullable: true,
    description: `Where the number is hosted, as Graph sends it (open list, e.g. CLOUD_API). ${none}`,
    ...asSent('PhoneNumber', 'platform_type'),
  }),
  isOnBizApp: t.boolean({
    nullable: true,
    description: `Whether the number is in use in the WhatsApp Business app. ${none} ${sparable}`,
    ...asSent('PhoneNumber', 'is_on_biz_app'),
  }),
  coexistence: t.boolean({
    nullable: true,
    description:
      'Whether the customer uses the number in the WhatsApp Business app and on the Cloud API at once: `isOnBizApp`, and `platformType` CLOUD_API. Such a number is live already and must not be registered. Null when it cannot be told. Source: Meta\'s guide "Onboarding WhatsApp Business app users".',
    ...needs(coexistenceFields),
    resolve: (number, _, ctx) => coexistenceOf(number, ctx),
  }),
  isOfficialBusinessAccount: t.boolean({
    nullable: true,
    description: `Whether WhatsApp shows the number as an official business account. ${none}`,
    ...asSent('PhoneNumber', 'is_official_business_account'),
  }),
  lastOnboardedTime: t.field({
    type: 'DateTime',
    nullable: true,
    description: `When the number last came to the platform. ${none} ${sparable}`,
    ...asSent('PhoneNumber', 'last_onboarded_time'),
  }),
}))
