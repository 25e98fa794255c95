import type { Ctx } from '../context.ts'
import type { InvalidInputProblemType as Invalid } from '../errors/problem.ts'
import { creditCurrencies, type CreditCurrencyEnum as Currency } from '../graph/endpoints/credit.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { checkKey, keyDescription } from '../writes/record.ts'
import { builder } from '../graphql/builder.ts'
import { resultOf } from '../graphql/problem.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { revokeCreditAllocation, type RevokeResult } from './revoke.ts'
import { shareCreditLine, type ShareResult } from './share.ts'
import { CreditAllocation } from './credit-allocation.graphql.ts'
import type { sharingMethods } from './attach.ts'
import { isProblem, readIds } from '../graphql/refuse.ts'

export const CreditCurrency = builder.enumType('CreditCurrency', {
  description:
    'What an account can be invoiced in; rates follow it. Meta\'s page "Share and revoke credit lines" has these six.',
  values: Object.fromEntries(
    creditCurrencies.map((code) => [code, { description: `ISO 4217 code ${code}.` }]),
  ) as Record<Currency, { description: string }>,
})

const CreditSharingMethod = builder.enumType('CreditSharingMethod', {
  description: 'Meta documents two ways. It says that the second is being tested and will replace the first.',
  values: {
    SHARE_AND_ATTACH: {
      description: 'One call with the system token. Our system user has to be on the account.',
    },
    SHARE_THEN_ATTACH: {
      description:
        "The owner is read with the customer's business token, the line shared with the system token, and attached with the " +
        'business token. What dies between the two writes is gone on with by the same request.',
    },
  } satisfies Record<(typeof sharingMethods)[number], object>,
})

const ShareCreditLineInput = builder.inputType('ShareCreditLineInput', {
  description: 'Which account takes which line.',
  fields: (t) => ({
    wabaId: t.id({ required: true, description: 'The account: global id or WABA id.' }),
    currency: t.field({
      type: CreditCurrency,
      required: true,
      description: 'What the account is invoiced in. It stands with the line, which cannot be changed.',
    }),
    creditLineId: t.id({ description: "May be left out when the app's business has one credit line." }),
    appId: t.id({
      description:
        'The app that acts; may be left out when one configured app sees the account and has a credit line.',
    }),
    method: t.field({
      type: CreditSharingMethod,
      defaultValue: 'SHARE_AND_ATTACH',
      description: 'How; the outcome is the same.',
    }),
    addSystemUser: t.boolean({
      defaultValue: false,
      description:
        'Adds our system user to the account first where it is missing or has too few tasks: MANAGE, or MANAGE_BILLING where ' +
        'the solution gave us no MESSAGING. Without it a missing user is told, and nothing is changed.',
    }),
    switchedPartner: t.boolean({
      defaultValue: false,
      description:
        'The customer comes from another Solution Partner. Then nothing can be shared on the last three days and the first ' +
        'four of a month, and the line pays from the first of the next month on. Graph does not tell, so say it.',
    }),
    idempotencyKey: t.string({ description: keyDescription }),
  }),
})

const RevokeCreditAllocationInput = builder.inputType('RevokeCreditAllocationInput', {
  description:
    'Which allocation ends. It hits every account of the business: see `CreditAllocation.clientWabas`.',
  fields: (t) => ({
    allocationId: t.id({ required: true, description: 'Global id or allocation configuration id.' }),
    appId: t.id({
      description: 'The app that acts; may be left out when one configured app sees the allocation.',
    }),
    confirmReceivingBusinessId: t.string({
      required: true,
      description:
        'Revoking hits every account of the business: say which business, to show you mean it. Global id or Meta id.',
    }),
    idempotencyKey: t.string({ description: keyDescription }),
  }),
})

type Shared = Extract<ShareResult, { type: 'Done' }>
type Revoked = Extract<RevokeResult, { type: 'Done' }>

const ShareCreditLinePayload = builder.objectRef<Shared>('ShareCreditLinePayload').implement({
  description: 'The account takes the line. Where it did before, nothing was sent.',
  fields: (t) => ({
    creditAllocation: t.expose('allocation', {
      type: CreditAllocation,
      description: 'The allocation, read again.',
    }),
    clientWaba: t.field({
      type: ClientWaba,
      description: 'The account, as the app sees it now.',
      resolve: ({ account: { app, wabaId } }) => NodeHandle.unread('ClientWaba', wabaId, { app }),
    }),
    verified: t.exposeBoolean('verified', {
      nullable: true,
      description:
        'Read back after sharing, with both tokens: true when the account is funded by this allocation, false when it is ' +
        'not (yet), null when it cannot be told.',
    }),
  }),
})

const RevokeCreditAllocationPayload = builder.objectRef<Revoked>('RevokeCreditAllocationPayload').implement({
  description: 'The allocation is revoked. Where it was before, nothing was sent.',
  fields: (t) => ({
    creditAllocation: t.expose('allocation', {
      type: CreditAllocation,
      description: 'The allocation, read again.',
    }),
  }),
})

const ShareCreditLineResult = resultOf(ShareCreditLinePayload, 'The allocation, or why there is none.')

const RevokeCreditAllocationResult = resultOf(
  RevokeCreditAllocationPayload,
  'The allocation, or why it was not revoked.',
)

builder.mutationFields((t) => ({
  shareCreditLine: t.field({
    type: ShareCreditLineResult,
    description:
      'Shares a credit line with an account and attaches it. It cannot be changed afterwards, and the business that shares ' +
      'is liable for what the account spends. Looked at before anything is sent: whether the app has a line, whether one ' +
      'is attached, the days of a month, our system user on the account.',
    args: { input: t.arg({ type: ShareCreditLineInput, required: true, description: 'What to share.' }) },
    resolve: (_, { input }, ctx) => share(ctx, input),
  }),
  revokeCreditAllocation: t.field({
    type: RevokeCreditAllocationResult,
    description:
      'Takes a credit line from every account of the receiving business at once, with the system token, and reads it back ' +
      'as DELETED. The accounts can send no message from then on.',
    args: {
      input: t.arg({ type: RevokeCreditAllocationInput, required: true, description: 'What to revoke.' }),
    },
    resolve: (_, { input }, ctx) => revoke(ctx, input),
  }),
}))

function share(ctx: Ctx, input: typeof ShareCreditLineInput.$inferInput): Promise<ShareResult> | Invalid {
  const ids = readIds(input, { wabaId: 'ClientWaba', creditLineId: 'CreditLine', appId: 'App' })
  if (isProblem(ids)) return ids
  const { currency, method, addSystemUser, switchedPartner, idempotencyKey = null } = input
  return (
    checkKey(idempotencyKey) ??
    shareCreditLine(ctx, {
      ...ids,
      wabaId: ids.wabaId ?? '',
      currency,
      method: method ?? 'SHARE_AND_ATTACH',
      addSystemUser: addSystemUser ?? false,
      switched: switchedPartner ?? false,
      idempotencyKey,
    })
  )
}

function revoke(
  ctx: Ctx,
  input: typeof RevokeCreditAllocationInput.$inferInput,
): Promise<RevokeResult> | Invalid {
  const ids = readIds(input, {
    allocationId: 'CreditAllocation',
    appId: 'App',
    confirmReceivingBusinessId: 'Business',
  })
  if (isProblem(ids)) return ids
  const { idempotencyKey = null } = input
  return (
    checkKey(idempotencyKey) ??
    revokeCreditAllocation(ctx, {
      appId: ids.appId,
      allocationId: ids.allocationId ?? '',
      confirmReceivingBusinessId: ids.confirmReceivingBusinessId ?? '',
      idempotencyKey,
    })
  )
}
