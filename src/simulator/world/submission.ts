// Meta's Business SDK, self_certified_whatsapp_business_submissions
export const submissionStatuses = ['PENDING', 'APPROVED', 'FAILED', 'DISCARDED', 'REVOKED'] as const
export type SubmissionStatus = (typeof submissionStatuses)[number]

export const rejectionReasons = [
  'ADDRESS_NOT_MATCHING',
  'BUSINESS_NOT_ELIGIBLE',
  'LEGAL_NAME_NOT_FOUND_IN_DOCUMENTS',
  'LEGAL_NAME_NOT_MATCHING',
  'MALFORMED_DOCUMENTS',
  'NONE',
  'WEBSITE_NOT_MATCHING',
] as const
export type RejectionReason = (typeof rejectionReasons)[number]

/** One attempt of a partner to have a customer verified. */
export interface SubmissionRow {
  readonly id: string
  readonly appId: string
  readonly partnerBusinessId: string
  readonly clientBusinessId: string
  readonly status: SubmissionStatus
  readonly reasons: readonly RejectionReason[]
  readonly vertical?: string
  /** Unix seconds. */
  readonly submittedAt: number
  readonly updatedAt: number
}
