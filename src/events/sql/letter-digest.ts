import { createHash } from 'node:crypto'

const separator = '\u001f'

/** What makes two dead letters the same one. */
export function letterDigest(appId: string, reason: string, raw: Uint8Array): string {
  const prefix = [appId, reason, ''].join(separator)
  return createHash('sha256').update(prefix).update(raw).digest('hex')
}
