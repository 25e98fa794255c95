import { createHash } from 'node:crypto'
import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import { submitVerification, type SubmissionNode } from '../graph/endpoints/verification.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { chooseApp } from '../solutions/input.ts'
import { madeIf, runWrite } from '../writes/run.ts'
import type { DoneWrite } from '../writes/write.ts'
import type { Document } from '../lib/documents.ts'
import { readSubmissions, refuseSubmission, submissionStatus } from './submissions.ts'

export interface SubmitInput {
  readonly appId: string | null
  readonly customerBusinessId: string
  readonly legalName: string | null
  readonly website: string | null
  readonly documentIds: readonly string[]
  readonly idempotencyKey: string | null
}

export interface Submitted {
  readonly type: 'Done'
  readonly app: AppConfig
  readonly customerBusinessId: string
  readonly submissions: readonly SubmissionNode[]
}

/** Sends a customer's documents to Meta: one of three attempts, never repeated. */
export function submit(ctx: Ctx, input: SubmitInput): Promise<Submitted | Problem> {
  return graphErrorsAsProblems(async () => {
    const app = chooseApp(ctx, input.appId)
    if ('type' in app) return app
    const invalid = checkTexts(input)
    if (invalid) return invalid
    const badIds = checkIds(input.documentIds)
    if (badIds) return badIds
    const outcome = await send(ctx, app, input, await collect(ctx, input.documentIds))
    if ('type' in outcome) return outcome
    // They are submitted whatever becomes of this, and go by themselves in ten minutes.
    await ctx.documents.forget(input.documentIds).catch(() => {})
    const { customerBusinessId } = input
    return { type: 'Done' as const, app, customerBusinessId, submissions: outcome.after ?? [] }
  })
}

const mostLetters = 500

/** What can be known before a call; Graph compares the rest with the documents. */
function checkTexts({ legalName, website }: SubmitInput): Problem | null {
  if (
    legalName !== null &&
    (legalName.trim() === '' || legalName.length > mostLetters || /\p{Cc}/u.test(legalName))
  )
    return invalidInput(
      ['input', 'legalName'],
      `A legal name has 1 to ${mostLetters} characters, none of them a control character.`,
    )
  if (
    website !== null &&
    (website.length > mostLetters || /[\s\p{Cc}]/u.test(website) || !isWebAddress(website))
  )
    return invalidInput(['input', 'website'], 'A web site is an address such as https://example.com.')
  return null
}

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) ? /^https?:/i.test(text) : /^[^/?#@:]+\.[^/?#@:]+(?:[/?#]|$)/.test(text)

const idsPath = ['input', 'documentIds']

const checkIds = (ids: readonly string[]): Problem | null =>
  ids.length < 1 || ids.length > 3 || new Set(ids).size < ids.length
    ? invalidInput(idsPath, 'One to three different documents are submitted.')
    : null

async function collect(ctx: Ctx, ids: readonly string[]): Promise<readonly Document[] | Problem> {
  const documents = await Promise.all(ids.map((id) => ctx.documents.get(id)))
  const missing = documents.findIndex((document) => document === null)
  if (missing >= 0) return invalidInput([...idsPath, String(missing)], ctx.documents.missing)
  return documents.filter((document) => document !== null)
}

const digestOfDocument = ({ bytes }: Document): string => createHash('sha256').update(bytes).digest('hex')

type Submissions = readonly SubmissionNode[]

function send(
  ctx: Ctx,
  app: AppConfig,
  { customerBusinessId, legalName, website, idempotencyKey: key }: SubmitInput,
  found: readonly Document[] | Problem,
): Promise<DoneWrite<Submissions> | Problem> {
  const read = () => {
    ctx.reads.renew()
    return readSubmissions(ctx, app, customerBusinessId)
  }
  const documents = 'type' in found ? [] : found
  return runWrite<Submissions, Submissions, Problem, readonly string[]>(ctx, {
    app,
    verb: 'submit_verification',
    object: `business:${customerBusinessId}`,
    anyApp: true,
    key,
    // Under a key documents are not compared: they wait for ten minutes, so a second call may bring them anew.
    input:
      key === null
        ? [legalName, website, documents.map(digestOfDocument)]
        : [customerBusinessId, legalName, website],
    about: { ownerBusinessId: customerBusinessId },
    // They are gone when an earlier call with the key has sent them.
    check: () => ('type' in found ? found : null),
    readState: read,
    refuse: refuseSubmission,
    record: (submissions) => submissions.map(({ id }) => id),
    send: async (_, sending) => {
      const endpoint = submitVerification(app.businessId, {
        customerBusinessId,
        legalName,
        website,
        documents,
      })
      const { traceId } = await ctx.graph.write(endpoint, { app }, sending)
      return { createdId: customerBusinessId, traceId }
    },
    outcomeIn: (submissions, sent) =>
      madeIf(sent !== null && submissions.some(({ id }) => !sent.before.includes(id)), customerBusinessId),
    // Meta may take its time to list it.
    readBack: read,
    publishes: (_businessId, submissions) => ({
      kind: 'BUSINESS_VERIFICATION_UPDATED',
      ...(submissions && {
        after: { attempts: submissions.length, statuses: submissions.map(submissionStatus) },
      }),
    }),
  })
}
