import { hash } from 'node:crypto'
import { canonical } from './canonical.ts'
import type { Change } from './envelope.ts'
import type { Arrival } from './events.ts'
import type { Kept } from './kept/kept.ts'

type Told = Pick<Change, 'entryId' | 'entryTime' | 'field' | 'value'>

/**
 * What makes two deliveries the same change. Meta sends no event id. The entry's time belongs in the key: without it
 * a state that comes round again (ACTIVE, asked to deactivate, declined, asked again) would be swallowed as a repeat.
 * It also leads the key: new keys then come at the end of the store's index, and few of its pages change.
 *
 * Where something was left out, the digest is one that needs the app's secret: a plain one would let whoever reads the
 * store try out phone numbers until one fits.
 */
export function dedupeKey(arrival: Arrival, object: string | null, change: Told, kept: Kept): string {
  const { appId, fingerprint } = arrival
  const { entryId, entryTime, field } = change
  const isPlain = kept.isWhole || fingerprint === null
  const value = canonical(isPlain ? kept.value : change.value)
  const content = [appId, object ?? '', entryId ?? '', field, timeOf(change, arrival), value].join(
    unitSeparator,
  )
  const time = String(entryTime ?? 0).padStart(12, '0')
  return `${time}-${isPlain ? hash('sha256', content, 'base64url') : fingerprint(content)}`
}

const hourMs = 60 * 60_000

/**
 * Of a change without a time nobody can say whether it is a repeat: what is the same within an hour is taken for one. A
 * repeat that comes later is told twice, which harms less than the second of two equal changes not being told.
 */
const timeOf = ({ entryTime }: Told, { receivedAt }: Arrival): string =>
  entryTime === null ? `~${Math.floor(receivedAt / hourMs)}` : String(entryTime)

// Cannot occur in any part: names are printable, and JSON text escapes control characters.
const unitSeparator = '\u001f'
