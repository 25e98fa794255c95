type Extra = Readonly<Record<string, unknown>>

const mostCharacters = 2000

/** What Graph's answer to a registration says beside `success`; null when nothing. The PIN itself is never repeated. */
export function extraOf(answer: unknown, pin: string): Extra | null {
  const { success: _, ...extra } = answer as Extra
  const text = JSON.stringify(extra)
  if (text === '{}' || text.length > mostCharacters) return null
  return JSON.parse(text, (_key, value: unknown) => withoutPin(value, pin)) as Extra
}

function withoutPin(value: unknown, pin: string): unknown {
  const isScalar = typeof value === 'string' || typeof value === 'number'
  return isScalar && String(value).includes(pin) ? String(value).replaceAll(pin, 'PIN') : value
}

/**
 * Whether a registration has set the PIN that was sent: never known to be so. Meta's page "Updates to WhatsApp Business
 * accounts": a number that another partner registered keeps its PIN and the answer says that it was not reset, without the
 * name of the key. And since 2026-09-23 PINs are being retired, by third parties who quote Meta: one is still asked for,
 * and not always kept.
 */
export function pinSetBy(extra: Extra | null): false | null {
  return Object.entries(extra ?? {}).some(([key, value]) => deniesPin(key, value)) ? false : null
}

function deniesPin(key: string, value: unknown): boolean {
  if (!/pin/i.test(key)) return false
  return /not|un(?:changed|set)|kept/i.test(key) ? String(value) === 'true' : String(value) === 'false'
}
