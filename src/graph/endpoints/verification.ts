import { z } from 'zod'
import { get, type Endpoint, type GraphFile } from '../endpoint.ts'
import { pageShape, type Page } from '../paging.ts'
import { graphBoolean, graphIdShape } from '../shapes.ts'

// Meta's guide "Partner-led business verification", and the enums of its SDK. All lists are open.
const submissionShape = z.looseObject({
  id: graphIdShape,
  verification_status: z.string().nullish(),
  rejection_reasons: z.array(z.string()).nullish(),
  submitted_time: z.union([z.string(), z.number()]).nullish(),
  update_time: z.union([z.string(), z.number()]).nullish(),
  client_business_id: graphIdShape.nullish(),
})
export type SubmissionNode = z.infer<typeof submissionShape>
const submissionsPage = pageShape(submissionShape)

const submittedShape = z.looseObject({
  success: graphBoolean.refine((success) => success).optional(),
  verification_attempts: z.number().nullish(),
})

export interface Submission {
  readonly customerBusinessId: string
  readonly legalName: string | null
  readonly website: string | null
  readonly documents: readonly Omit<GraphFile, 'name'>[]
}

/** POST /{own-business}/self_certify_whatsapp_business. One of three attempts that a customer has, for ever. */
export const submitVerification = (
  businessId: string,
  { customerBusinessId, legalName, website, documents }: Submission,
): Endpoint<z.infer<typeof submittedShape>> => ({
  method: 'POST',
  path: [businessId, 'self_certify_whatsapp_business'],
  form: {
    fields: {
      end_business_id: customerBusinessId,
      ...(legalName !== null && { end_business_legal_name: legalName }),
      ...(website !== null && { end_business_website: website }),
    },
    files: documents.map((document) => ({ ...document, name: 'business_documents[]' })),
  },
  token: 'system',
  expect: submittedShape,
})

export const listSubmissions = (
  businessId: string,
  customerBusinessId: string,
  after?: string,
): Endpoint<Page<SubmissionNode>> =>
  get(
    [businessId, 'self_certified_whatsapp_business_submissions'],
    { end_business_id: customerBusinessId, limit: '100', after },
    submissionsPage,
  )
