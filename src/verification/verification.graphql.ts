import type { SubmissionNode } from '../graph/endpoints/verification.ts'
import { businessAs } from '../accounts/account.ts'
import { maxAttempts, readSubmissions, submissionStatus, type submissionStatuses } from './submissions.ts'
import { submit, type Submitted } from './submit.ts'
import { checkKey, keyDescription } from '../writes/record.ts'
import { builder } from '../graphql/builder.ts'
import { resultOf } from '../graphql/problem.ts'
import { Business } from '../graphql/refs.ts'
import { isProblem, readIds } from '../graphql/refuse.ts'

const SubmissionStatus = builder.enumType('VerificationSubmissionStatus', {
  description: "What came of a customer's submitted documents.",
  values: {
    PENDING: { description: 'Under review: minutes as a rule, hours at times.' },
    APPROVED: { description: 'The business is verified.' },
    FAILED: { description: 'Declined: see the reasons. It has used up an attempt.' },
    DISCARDED: { description: 'Not looked at.' },
    REVOKED: { description: 'Was approved, and is no longer.' },
    UNKNOWN: {
      description: 'Graph says nothing, or something that its documents do not: see `graphStatus`.',
    },
  } satisfies Record<(typeof submissionStatuses)[number], object>,
})

const VerificationSubmission = builder.objectRef<SubmissionNode>('VerificationSubmission').implement({
  description:
    'One attempt to have a customer verified, from Meta\'s guide "Partner-led business verification".',
  fields: (t) => ({
    submissionId: t.string({ description: "Meta's id of the submission.", resolve: ({ id }) => id }),
    status: t.field({
      type: SubmissionStatus,
      description: 'What came of it. The decision also comes as a BUSINESS_VERIFICATION_UPDATED event.',
      resolve: submissionStatus,
    }),
    graphStatus: t.string({
      nullable: true,
      description: "Graph's `verification_status`, as sent. Null when Graph gives none.",
      resolve: (submission) => submission.verification_status ?? null,
    }),
    rejectionReasons: t.stringList({
      description:
        'As Graph names them (an open list, e.g. LEGAL_NAME_NOT_MATCHING); empty when it was not declined.',
      resolve: ({ rejection_reasons }) => (rejection_reasons ?? []).filter((reason) => reason !== 'NONE'),
    }),
    submittedAt: t.string({
      nullable: true,
      description:
        'When it was submitted, as Graph sends it; its documents print no example of the form. Null when Graph gives none.',
      resolve: ({ submitted_time }) => (submitted_time == null ? null : String(submitted_time)),
    }),
    updatedAt: t.string({
      nullable: true,
      description: 'When it last changed, as Graph sends it. Null when Graph gives none.',
      resolve: ({ update_time }) => (update_time == null ? null : String(update_time)),
    }),
  }),
})

builder.objectField(Business, 'verificationSubmissions', (t) =>
  t.field({
    type: [VerificationSubmission],
    nullable: true,
    description:
      'What our app has submitted for this business; read with our system token, which Graph allows approved Solution Partners only. Null only beside an error that says why it could not be read.',
    resolve: ({ id, viewer: { app } }, _, ctx) => readSubmissions(ctx, app, id),
  }),
)

const SubmitInput = builder.inputType('BusinessVerificationInput', {
  description: "A customer's documents for Meta's review.",
  fields: (t) => ({
    businessId: t.id({
      required: true,
      description: "The customer: global id or Meta's id of the portfolio.",
    }),
    appId: t.id({ description: 'The app that acts; may be left out when one app is configured.' }),
    documentIds: t.stringList({
      required: true,
      description:
        'One to three ids that `POST /documents` gave. PDF, JPEG or PNG, 5 MB each. They wait ten minutes: encrypted in ' +
        'the store for all instances, or without TOKEN_ENCRYPTION_KEY in the memory of the instance that took them.',
    }),
    legalName: t.string({ description: "The customer's legal name, as the documents print it." }),
    website: t.string({ description: "The customer's web site." }),
    idempotencyKey: t.string({
      description: `${keyDescription} The documents are not compared, and may be uploaded anew.`,
    }),
  }),
})

const VerificationPayload = builder.objectRef<Submitted>('BusinessVerificationPayload').implement({
  description: 'The documents were submitted.',
  fields: (t) => ({
    business: t.field({
      type: Business,
      description: 'The customer.',
      resolve: ({ app, customerBusinessId }, _, ctx) => businessAs(ctx, app, customerBusinessId),
    }),
    submissions: t.expose('submissions', {
      type: [VerificationSubmission],
      description: 'All attempts of ours for this business, read back; empty when they could not be read.',
    }),
    attemptsLeft: t.int({
      description: 'How many of the three attempts are left, as far as our submissions tell.',
      resolve: ({ submissions }) => Math.max(0, maxAttempts - Math.max(1, submissions.length)),
    }),
  }),
})

const VerificationResult = resultOf(VerificationPayload, 'What was submitted, or why nothing was.')

builder.mutationField('submitBusinessVerification', (t) =>
  t.field({
    type: VerificationResult,
    description:
      'Partner-led business verification: sends documents of a customer to Meta. Each customer has three attempts for ever, so nothing is sent while one is under review.',
    args: { input: t.arg({ type: SubmitInput, required: true, description: 'Whose documents, and which.' }) },
    resolve: (_, { input }, ctx) => {
      const ids = readIds(input, { businessId: 'Business', appId: 'App' })
      if (isProblem(ids)) return ids
      const { documentIds, legalName = null, website = null, idempotencyKey = null } = input
      const { appId, businessId } = ids
      const texts = { legalName, website, idempotencyKey }
      return (
        checkKey(idempotencyKey) ??
        submit(ctx, { appId, customerBusinessId: businessId ?? '', documentIds, ...texts })
      )
    },
  }),
)
