// Lines of credit and who shares them. One record stands for one portfolio sharing a line with another.

export interface CreditLineRow {
  readonly id: string
  readonly businessId: string
  readonly legalEntityName: string
}

export interface AllocationRow {
  readonly id: string
  readonly creditLineId: string
  readonly owningBusinessId: string
  readonly receivingBusinessId: string
  /** What the receiving portfolio's accounts are funded by. */
  readonly receivingCredentialId: string
  readonly revoked: boolean
  /** Unix seconds. */
  readonly createdAt: number
}

/** An account that took a line. It stays when the line is revoked: no other line can take its place. */
export interface AttachmentRow {
  readonly wabaId: string
  readonly allocationId: string
  readonly currency: string
}

export interface Credit {
  readonly allocations: Map<string, AllocationRow>
  /** By account. */
  readonly attachments: Map<string, AttachmentRow>
}
