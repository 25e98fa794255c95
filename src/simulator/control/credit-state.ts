import type { World } from '../world/rows.ts'

export interface AllocationState {
  readonly id: string
  readonly creditLineId: string
  readonly owningBusinessId: string
  readonly receivingBusinessId: string
  readonly receivingCredentialId: string
  readonly requestStatus: string
  readonly createdAt: number
}

export interface AttachmentState {
  readonly wabaId: string
  readonly allocationId: string
  readonly currency: string
  /** False once the line is revoked. */
  readonly active: boolean
}

export function allocationStates({ credit }: World): AllocationState[] {
  return [...credit.allocations.values()].map(({ revoked, ...row }) => ({
    ...row,
    requestStatus: revoked ? 'DELETED' : 'APPROVED',
  }))
}

export function attachmentStates({ credit }: World): AttachmentState[] {
  return [...credit.attachments.values()].map((row) => ({
    ...row,
    active: credit.allocations.get(row.allocationId)?.revoked === false,
  }))
}
