import { createHash } from 'node:crypto'

// Play money: the same text for the same world, so that a configuration outlives a restart.

const digest = (text: string): Buffer => createHash('sha512').update(`simulator ${text}`).digest()
const letters = (bytes: Buffer): string => bytes.toString('base64').replaceAll(/[^A-Za-z0-9]/g, '')

/** Looks like Meta's, which are opaque and of no fixed length ("Access tokens" page). */
export function makeToken(...parts: readonly string[]): string {
  const name = parts.join(' ')
  return `EAAT${letters(digest(`a ${name}`))}${letters(digest(`b ${name}`))}ZD`
}

export const makeSecret = (name: string): string => digest(`secret ${name}`).toString('hex').slice(0, 40)

export const makeVerifyToken = (name: string): string =>
  `verify-${digest(`verify ${name}`).toString('hex').slice(0, 24)}`

/** Six digits, as a text message or a call would bring them. */
export const makeCode = (name: string, at: string): string =>
  String(digest(`code ${name} ${at}`).readUInt32BE() % 1_000_000).padStart(6, '0')

/** Message template namespaces look like a UUID with underscores. */
export function makeNamespace(name: string): string {
  const hex = digest(`namespace ${name}`).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '_',
  )
}
