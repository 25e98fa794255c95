/** A position in one log, opaque to clients. */
export function encodeCursor(logId: string, seq: number): string {
  return Buffer.from(`${logId}:${seq}`).toString('base64url')
}

export type DecodedCursor = { readonly seq: number } | { readonly problem: string }

export function decodeCursor(logId: string, cursor: string): DecodedCursor {
  const [, id = '', digits] = /^([0-9a-f]{16}):(\d{1,15})$/.exec(textOf(cursor)) ?? []
  const seq = Number(digits)
  // Decoding passes over what does not belong to the alphabet: only what encodes to the same text was made here.
  if (encodeCursor(id, seq) !== cursor) return { problem: 'This is not a cursor of the event log.' }
  if (id !== logId) return { problem: 'This cursor belongs to another event log.' }
  return { seq }
}

function textOf(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('latin1')
}
