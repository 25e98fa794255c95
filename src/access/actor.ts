import type { AppConfig } from '../config/config.ts'

/**
 * Who is calling. OPERATOR holds the gateway's API key; LOCAL is anybody on this machine, let in only
 * while no key is configured and the gateway listens on loopback. RULE is the gateway itself, where it was configured to act.
 */
export interface Actor {
  readonly kind: 'OPERATOR' | 'LOCAL' | 'RULE'
  /** The apps that the caller may use. Everything that the caller sees or does goes through one of these. */
  readonly apps: readonly AppConfig[]
}
