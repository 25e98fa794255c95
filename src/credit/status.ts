export const allocationStatuses = ['SHARED', 'REVOKED', 'UNKNOWN'] as const
export type AllocationStatus = (typeof allocationStatuses)[number]

/**
 * The one word that Meta's pages show is DELETED, of what was revoked. Whatever else stands there, or nothing, a record is
 * shared when it is listed, since only those that are active are: docs/marketing-api/reference/extended-credit.
 */
export function statusOf(requestStatus: string | null | undefined, listed: boolean | null): AllocationStatus {
  if (requestStatus === 'DELETED') return 'REVOKED'
  return listed === true ? 'SHARED' : 'UNKNOWN'
}
