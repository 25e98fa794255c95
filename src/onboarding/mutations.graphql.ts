import type { Ctx } from '../context.ts'
import type { Problem as AnyProblem } from '../errors/problem.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import type { CreditCurrencyEnum as Currency } from '../graph/endpoints/credit.ts'
import { findAccount, type Account } from '../accounts/account.ts'
import { Checklist } from './checklist/checklist.ts'
import { checkOrphans, checkRegistration } from '../phone-numbers/input.ts'
import { onboardOnce, type StepAttempt } from './onboard.ts'
import { completeSignup } from './signup/complete.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { accountFields } from '../accounts/account-change.graphql.ts'
import { checkKey } from '../writes/record.ts'
import { builder } from '../graphql/builder.ts'
import { CreditCurrency } from '../credit/mutations.graphql.ts'
import { Onboarding, OnboardingStepKind } from './onboarding.graphql.ts'
import { ProblemInterface, resultOf } from '../graphql/problem.ts'
import { ClientWaba } from '../graphql/refs.ts'
import { isProblem, readIds } from '../graphql/refuse.ts'

const CompleteEmbeddedSignupInput = builder.inputType('CompleteEmbeddedSignupInput', {
  description: 'What the signup page was given when the customer was done.',
  fields: (t) => ({
    appId: t.id({
      description:
        'The app on whose page the customer signed up; may be left out when one app is configured.',
    }),
    code: t.string({
      required: true,
      description:
        'The code of Embedded Signup. It works once and for 30 seconds: hand it in at once. Never shown, logged or stored.',
    }),
    wabaId: t.id({
      description:
        'The account that the page was told of. Left out, the newest that the token opens is looked for. Either way the ' +
        'account is read with the token, and nothing else proves that the customer shared it.',
    }),
    redirectUri: t.string({
      description:
        'Of a dialog that ended by redirecting: the `redirect_uri` that it was opened with, character by character. One of ' +
        "SIGNUP_REDIRECT_URIS. Left out for the SDK's pop-up.",
    }),
    idempotencyKey: t.string({
      description:
        'The code is a key of its own: the same code gets the first outcome, with or without this one. With it, another code ' +
        'or another `wabaId` or `redirectUri` is a CONFLICT. 1 to 255 characters.',
    }),
  }),
})

const OnboardClientWabaInput = builder.inputType('OnboardClientWabaInput', {
  description: 'Which account, and what the steps need that are left.',
  fields: (t) => ({
    ...accountFields(
      t,
      'The same request with the same key, once nothing was left to do, gets the first outcome and takes no step; what was ' +
        'left is gone on with. Another request with it is a CONFLICT; the PIN is not compared. 1 to 255 characters.',
    ),
    currency: t.field({
      type: CreditCurrency,
      description:
        'In which credit is shared, with our system user added to the account where it is missing; without it no credit is.',
    }),
    creditLineId: t.id({
      description:
        "The line to share, used with `currency`; may be left out when the app's business has one credit line.",
    }),
    pin: t.string({
      description:
        'Six digits: the two-step verification PIN of the number that is registered, or one that a number without may get; ' +
        'without it no number is registered. Never shown, logged or stored.',
    }),
    phoneNumberId: t.id({
      description:
        'Beside `pin`: the number that is registered, also where another one is connected; may be left out when one waits.',
    }),
    dataLocalizationRegion: t.string({
      description:
        "Beside `pin`: country whose servers keep the number's data; Meta's own choice when left out.",
    }),
  }),
})

interface OnboardingDone {
  readonly type: 'Done'
  readonly account: Account
  readonly taken: readonly StepAttempt[]
}

const shown = ({ app, wabaId }: Account) => NodeHandle.unread('ClientWaba', wabaId, { app })

const CompleteEmbeddedSignupPayload = builder
  .objectRef<OnboardingDone>('CompleteEmbeddedSignupPayload')
  .implement({
    description: "The customer's business token is kept, and opens the account.",
    fields: (t) => ({
      clientWaba: t.field({
        type: ClientWaba,
        description: 'The account that the customer shared.',
        resolve: ({ account }) => shown(account),
      }),
    }),
  })

const OnboardingAttempt = builder.objectRef<StepAttempt>('OnboardingAttempt').implement({
  description: 'A step that this call took.',
  fields: (t) => ({
    kind: t.expose('kind', { type: OnboardingStepKind, description: 'Which one.' }),
    problem: t.expose('problem', {
      type: ProblemInterface,
      nullable: true,
      description: 'What came in between; null when it was done.',
    }),
  }),
})

const OnboardClientWabaPayload = builder.objectRef<OnboardingDone>('OnboardClientWabaPayload').implement({
  description: 'How far the account is now.',
  fields: (t) => ({
    clientWaba: t.field({
      type: ClientWaba,
      description: 'The account.',
      resolve: ({ account }) => shown(account),
    }),
    onboarding: t.field({
      type: Onboarding,
      nullable: true,
      description:
        'Its checklist, read after the last step. Null only beside an error that says why it could not be read.',
      resolve: ({ account }, _, ctx) => new Checklist(ctx, shown(account)),
    }),
    attempts: t.field({
      type: [OnboardingAttempt],
      description: 'The steps that were taken, in their order. Empty when nothing was left to do.',
      resolve: ({ taken }) => [...taken],
    }),
  }),
})

const CompleteEmbeddedSignupResult = resultOf(
  CompleteEmbeddedSignupPayload,
  'The account, or why its token is not here.',
)

const OnboardClientWabaResult = resultOf(
  OnboardClientWabaPayload,
  'The checklist after the call, or why nothing was begun.',
)

type Optional = string | null | undefined

async function complete(
  ctx: Ctx,
  input: {
    appId?: Optional
    code: string
    wabaId?: Optional
    redirectUri?: Optional
    idempotencyKey?: Optional
  },
): Promise<OnboardingDone | AnyProblem> {
  const ids = readIds({ ...input }, { appId: 'App', wabaId: 'ClientWaba' })
  if (isProblem(ids)) return ids
  const { idempotencyKey = null } = input
  const badKey = checkKey(idempotencyKey)
  if (badKey) return badKey
  return graphErrorsAsProblems(async () => {
    const account = await completeSignup(ctx, {
      code: input.code,
      redirectUri: input.redirectUri ?? null,
      idempotencyKey,
      ...ids,
    })
    return 'type' in account ? account : { type: 'Done' as const, account, taken: [] }
  })
}

interface OnboardArguments {
  readonly wabaId: string
  readonly appId?: Optional
  readonly currency?: Currency | null | undefined
  readonly creditLineId?: Optional
  readonly pin?: Optional
  readonly phoneNumberId?: Optional
  readonly dataLocalizationRegion?: Optional
  readonly idempotencyKey?: Optional
}

const needed = { creditLineId: 'currency', phoneNumberId: 'pin', dataLocalizationRegion: 'pin' }

async function run(ctx: Ctx, input: OnboardArguments): Promise<OnboardingDone | AnyProblem> {
  const types = {
    wabaId: 'ClientWaba',
    appId: 'App',
    creditLineId: 'CreditLine',
    phoneNumberId: 'PhoneNumber',
  } as const
  const ids = readIds({ ...input }, types)
  if (isProblem(ids)) return ids
  const orphan = checkOrphans({ ...input }, needed)
  if (orphan) return orphan
  const { currency, pin, dataLocalizationRegion = null, idempotencyKey: key = null } = input
  const credit = currency == null ? null : { currency, creditLineId: ids.creditLineId }
  const registration = pin == null ? null : { pin, dataLocalizationRegion, phoneNumberId: ids.phoneNumberId }
  const invalid = checkKey(key) ?? (registration && checkRegistration(registration))
  if (invalid) return invalid
  return graphErrorsAsProblems(async () => {
    const account = await findAccount(ctx, { wabaId: ids.wabaId ?? '', appId: ids.appId })
    if ('type' in account) return account
    const attempted = await onboardOnce(ctx, account, key, { credit, registration })
    return 'type' in attempted ? attempted : { type: 'Done' as const, account, taken: attempted.taken }
  })
}

builder.mutationFields((t) => ({
  completeEmbeddedSignup: t.field({
    type: CompleteEmbeddedSignupResult,
    description:
      "Changes the code of Embedded Signup for the customer's business token, once. The token is never shown: it " +
      'is kept encrypted in the store, or without TOKEN_ENCRYPTION_KEY in the memory of one instance. The same code again gets ' +
      'the first answer, from any instance, as long as the token is there; then it says that the customer signs up once more (`waitsFor: CUSTOMER`). Where Graph cannot be read right after the ' +
      'exchange it is OUTCOME_UNKNOWN and retryable: the same call reads again and sends nothing.',
    args: {
      input: t.arg({
        type: CompleteEmbeddedSignupInput,
        required: true,
        description: 'The code, and whose.',
      }),
    },
    resolve: (_, { input }, ctx) => complete(ctx, input),
  }),
  onboardClientWaba: t.field({
    type: OnboardClientWabaResult,
    description:
      'Takes the steps of the checklist that are left and for which the input has what they need, in their order. Each ' +
      'is looked at first, so the same call goes on where an earlier one stopped or died.',
    args: {
      input: t.arg({
        type: OnboardClientWabaInput,
        required: true,
        description: 'Which account, and with what.',
      }),
    },
    resolve: (_, { input }, ctx) => run(ctx, input),
  }),
}))
