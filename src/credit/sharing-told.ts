import { z } from 'zod'
import type { NewEvent } from '../events/event.ts'
import type { Sharing } from '../events/sharings.ts'
import { readAudit } from '../writes/audit.ts'
import { sharingVerb } from './attach.ts'
import { sharingWithOwnerVerb } from './methods.ts'

const afterShape = z.object({ allocationId: z.string(), creditLineId: z.string() })

/** What is to be kept of a sharing whose process died before it could: its event says all of it. Null of other events. */
export function sharingTold(event: NewEvent): Sharing | null {
  const { appId, field: verb, wabaId, ownerBusinessId: businessId, occurredAt, payload } = event
  if (event.source !== 'GATEWAY' || (verb !== sharingVerb && verb !== sharingWithOwnerVerb)) return null
  const audit = readAudit(payload)
  const after = afterShape.safeParse(audit?.after)
  if (audit?.outcome !== 'DONE' || businessId === null || !after.success) return null
  return { appId, wabaId, businessId, ...after.data, attached: verb === sharingVerb, sharedAt: occurredAt }
}
