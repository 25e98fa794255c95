import { createHash } from 'node:crypto'
import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import { submitVerification, type SubmissionNode } from '../graph/endpoints/verification.ts'
import { graphErrorsAsProblems } from '../problems.ts'
import { chooseApp } from '../solutions/input.ts'
import { runWrite } from '../writes/run.ts'
import type { Write } from '../writes/write.ts'
import type { Document } from '../lib/documents.ts'
import { refuseSubmission } from './refuse.ts'
import { readSubmissions, submissionStatus } from './submissions.ts'

export interface SubmitInput {
  readonly appId: string | null
  readonly customerBusinessId: string
  readonly legalName: string | null
  readonly website: string | null
  readonly documentIds: readonly string[]
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
    const documents = collect(ctx, input.documentIds)
    if ('type' in documents) return documents
    const write = writeOf(ctx, app, input, documents)
    const outcome = await runWrite(ctx, write)
    if ('refused' in outcome) return outcome.refused
    if ('problem' in outcome) return outcome.problem
    ctx.documents.forget(input.documentIds)
    const submissions = await readBack(ctx, app, input.customerBusinessId)
    const after = { attempts: submissions.length, statuses: submissions.map(submissionStatus) }
    await outcome.publish({ after })
    const { customerBusinessId } = input
    return { type: 'Done' as const, app, customerBusinessId, submissions }
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

function collect(ctx: Ctx, ids: readonly string[]): readonly Document[] | Problem {
  const path = ['input', 'documentIds']
  if (ids.length < 1 || ids.length > 3 || new Set(ids).size < ids.length)
    return invalidInput(path, 'One to three different documents are submitted.')
  const documents = ids.map((id) => ctx.documents.get(id))
  const missing = documents.findIndex((document) => document === null)
  if (missing >= 0)
    return invalidInput(
      [...path, String(missing)],
      'No such document waits here: upload it to this gateway again.',
    )
  return documents.filter((document) => document !== null)
}

function writeOf(
  ctx: Ctx,
  app: AppConfig,
  input: SubmitInput,
  documents: readonly Document[],
): Write<readonly string[], Problem> {
  const { customerBusinessId, legalName, website } = input
  const look = async () => {
    ctx.reads.renew()
    return readSubmissions(ctx, app, customerBusinessId)
  }
  return {
    app,
    verb: 'submit_verification',
    object: `business:${customerBusinessId}`,
    anyApp: true,
    key: null,
    input: [
      legalName,
      website,
      documents.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex')),
    ],
    about: { ownerBusinessId: customerBusinessId },
    prepare: async () => {
      const submissions = await look()
      const refused = refuseSubmission(submissions)
      return refused ? { refused } : { before: submissions.map(({ id }) => id) }
    },
    send: async () => {
      const endpoint = submitVerification(app.businessId, {
        customerBusinessId,
        legalName,
        website,
        documents,
      })
      const { traceId } = await ctx.graph.write(endpoint, { app })
      return { createdId: customerBusinessId, traceId }
    },
    lookUpOutcome: async (before) => {
      const fresh = (await look()).filter(({ id }) => !before.includes(id))
      return fresh.length > 0 ? { createdId: customerBusinessId } : 'not-made'
    },
    publishes: () => ({ kind: 'BUSINESS_VERIFICATION_UPDATED' }),
  }
}

/** It was submitted, whether that can be read or not. */
async function readBack(ctx: Ctx, app: AppConfig, businessId: string): Promise<readonly SubmissionNode[]> {
  ctx.reads.renew()
  return readSubmissions(ctx, app, businessId).catch((error: unknown) => {
    ctx.logger.warn({ err: error, businessId }, 'submissions could not be read back')
    return []
  })
}
