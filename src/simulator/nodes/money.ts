import { z } from 'zod'

import type { JsonObject } from '../json.ts'

/** Meta's Business SDK, CurrencyAmount: every key is a text. */
export const CurrencyAmount = z.strictObject({
  amount: z.string().regex(/^\d+\.\d\d$/),
  amount_in_hundredths: z.string().regex(/^\d+$/),
  currency: z.string().length(3),
  offsetted_amount: z.string().regex(/^\d+$/),
})

export const dollars = (cents: number): JsonObject => ({
  amount: (cents / 100).toFixed(2),
  amount_in_hundredths: String(cents),
  currency: 'USD',
  offsetted_amount: String(cents),
})
