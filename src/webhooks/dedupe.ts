import { hash } from 'node:crypto'
import type { Change } from './envelope.ts'
import { canonical } from './canonical.ts'

/**
 * What makes two deliveries the same change. Meta sends no event id. The entry's time belongs in the key: without it
 * a state that comes round again (ACTIVE, asked to deactivate, declined, asked again) would be swallowed as a repeat.
 * It also leads the key: new keys then come at the end of the store's index, and few of its pages change.
 */
export function dedupeKey(
  appId: string,
  object: string | null,
  change: Pick<Change, 'entryId' | 'entryTime' | 'field' | 'value'>,
): string {
  const parts = [
    appId,
    object ?? '',
    change.entryId ?? '',
    change.field,
    change.entryTime ?? '',
    canonical(change.value),
  ]
  const time = String(change.entryTime ?? 0).padStart(12, '0')
  return `${time}-${hash('sha256', parts.join(unitSeparator), 'base64url')}`
}

// Cannot occur in any part: names are printable, and JSON text escapes control characters.
const unitSeparator = '\u001f'
