import { createHash, timingSafeEqual } from 'node:crypto'
import type { AppConfig } from '../config/config.ts'

/**
 * Who is calling. OPERATOR holds the gateway's API key; LOCAL is anybody on this machine, let in only while no key is
 * configured and the gateway listens on loopback. RULE is the gateway itself, where it was configured to act.
 */
export interface Actor {
  readonly kind: 'OPERATOR' | 'LOCAL' | 'RULE'
  /** The apps that the caller may use. Everything that the caller sees or does goes through one of these. */
  readonly apps: readonly AppConfig[]
}

/** Headers of a request, or what a WebSocket client sends instead of them in `connection_init`. */
export interface CallerCredentials {
  readonly authorization?: string | undefined
}

/** The credentials in what a WebSocket client sends in `connection_init`, where they have the names of headers. */
export function credentialsOf(params: Readonly<Record<string, unknown>> | undefined): CallerCredentials {
  const value = params?.['authorization'] ?? params?.['Authorization']
  return typeof value === 'string' ? { authorization: value } : {}
}

interface Access {
  readonly apiKey: string | null
  readonly apps: readonly AppConfig[]
}

/** The caller whom the credentials name, or null. Without a configured key everybody is LOCAL. All transports ask here. */
export function authenticate(
  { apiKey, apps }: Access,
  { authorization = '' }: CallerCredentials,
): Actor | null {
  if (apiKey === null) return { kind: 'LOCAL', apps }
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  return token !== undefined && equal(token, apiKey) ? { kind: 'OPERATOR', apps } : null
}

// Digests have one length, so the comparison tells nothing about the length of the key.
function equal(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
