const day = 86_400_000

/**
 * When a line may be shared with a customer who came from another Solution Partner: null for now, else milliseconds since
 * 1970. Not on the last three days and the first four of a month: "Migrating a WABA from one Solution Partner to
 * another via Embedded Signup", developers.facebook.com/docs/whatsapp/solution-providers/support. The page names no
 * time zone; UTC is a guess.
 */
export function openAgainAt(now: number): number | null {
  const date = new Date(now)
  const [year, month, today] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const days = new Date(Date.UTC(year, month + 1, 1) - day).getUTCDate()
  if (today <= 4) return Date.UTC(year, month, 5)
  return today > days - 3 ? Date.UTC(year, month + 1, 5) : null
}
