/**
 * Where a call about a business phone number goes: its id, and an edge. Meta's page "Updates to WhatsApp Business accounts"
 * announces for 2028 that every path takes the id of the number's WhatsApp account in place of the number's; here is the
 * one place that this changes.
 */
export const numberPath = (addressId: string, ...edge: readonly string[]): readonly string[] => [
  addressId,
  ...edge,
]
