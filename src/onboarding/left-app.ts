import type { Told } from './blockers/told.ts'
import { isConnected } from '../phone-numbers/numbers.ts'

interface OfNumber {
  readonly id: string
  readonly status?: string | null | undefined
  readonly displayNumber: string | null
}

/**
 * Since when a number is out of use because its customer has left through the WhatsApp Business app; null when it is not.
 * One that was registered here since then has come back another way.
 */
export function leftAppAt(number: OfNumber, told: Pick<Told, 'disconnected' | 'registered'>): number | null {
  const at = told.disconnected.get(number.displayNumber?.replace(/\D/g, '') ?? '')
  if (at === undefined || isConnected(number)) return null
  return (told.registered.get(number.id) ?? 0) > at ? null : at
}

interface Row {
  readonly id: string
  readonly status?: string | null | undefined
  readonly display_phone_number?: string | null | undefined
}

/** The same of a number as Graph sends it. */
export const hasLeftApp = (
  { id, status, display_phone_number: displayNumber }: Row,
  told: Pick<Told, 'disconnected' | 'registered'>,
): boolean => leftAppAt({ id, status, displayNumber: displayNumber ?? null }, told) !== null
