import { z } from 'zod'
import type { StoredEvent } from '../events/event.ts'

// Meta's page "account_update", PARTNER_ADDED through a solution
const shape = z.looseObject({
  waba_info: z.looseObject({
    solution_partner_business_ids: z.array(z.string().regex(/^[0-9]{1,20}$/)),
  }),
})

/** The portfolios that take part in the solution which brought the account. */
export function partnersIn({ payload }: StoredEvent): readonly string[] {
  if (!payload.includes('solution_partner_business_ids')) return []
  const parsed = shape.safeParse(JSON.parse(payload))
  return parsed.success ? parsed.data.waba_info.solution_partner_business_ids : []
}
