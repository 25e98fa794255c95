import { isUtf8 } from 'node:buffer'
import { readEnvelope, type Envelope } from './envelope.ts'

// Lenient: a broken byte costs its own string a character, not the thousand changes beside it.
const decoder = new TextDecoder()
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Takes a post apart, and keeps its bytes where its text says less than they do. */
export function readPost(bytes: Uint8Array): Envelope {
  const envelope = readEnvelope(textOf(bytes))
  const isExact = isUtf8(bytes) && !byteOrderMark.equals(bytes.subarray(0, byteOrderMark.length))
  return isExact ? envelope : { ...envelope, original: bytes }
}
