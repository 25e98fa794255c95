import type { BlockList } from 'node:net'

/** A Meta app that the gateway holds credentials for. */
export interface AppConfig {
  readonly appId: string
  /** The first signs; all are accepted on webhooks while a secret is being changed. */
  readonly appSecrets: readonly [string, ...string[]]
  readonly systemToken: string
  readonly businessId: string
  readonly creditLineId: string | null
  readonly verifyToken: string
  /** New customers that Meta allows this app in a week; not there when nobody has said. */
  readonly onboardingWeeklyLimit?: number
}

/** The currencies in which a credit line can be shared. */
export const currencies = ['AUD', 'EUR', 'GBP', 'IDR', 'INR', 'USD'] as const

/** What the gateway does by itself when a customer has shared an account. */
export interface AutoOnboard {
  readonly subscribe: boolean
  /** The currency in which credit is shared; null when none is. */
  readonly creditCurrency: (typeof currencies)[number] | null
}

export interface Config {
  readonly host: string
  readonly port: number
  readonly graphUrl: string
  readonly graphVersion: string
  readonly databaseUrl: string
  /** PostgreSQL: connections of one instance at most, in all. */
  readonly databasePoolSize: number
  /** PostgreSQL: where notifications come from, when it is not where statements go. */
  readonly databaseListenUrl: string | null
  readonly apiKey: string | null
  /** The proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: BlockList
  readonly logLevel: string
  readonly heartbeatSeconds: number
  /** How long an idle connection is kept. */
  readonly keepAliveSeconds: number
  /** How long it goes on serving after SIGTERM while it says that it is not ready. */
  readonly shutdownDelaySeconds: number
  readonly retentionDays: number
  /** Between two comparisons with Graph; 0 = never. */
  readonly reconcileSeconds: number
  /** Whether the store is asked what other instances have changed before memory answers. */
  readonly checksMemory: boolean
  /** The addresses whose webhooks are taken; null when all are. */
  readonly webhookSources: BlockList | null
  /** Where webhooks of customers may be sent instead of here. */
  readonly overrideHosts: readonly string[]
  /** Where redirect dialogs of Embedded Signup may have ended. */
  readonly redirectUris: readonly string[]
  readonly autoOnboard: AutoOnboard
  /** New customers that Meta allows each app in a week; null when nobody has said. */
  readonly onboardingWeeklyLimit: number | null
  /** Keys that tokens and documents are encrypted with at rest, 32 bytes in base64. The first encrypts; none: memory only. */
  readonly encryptionKeys: readonly string[]
  readonly production: boolean
  /** Empty when no credentials are configured at all. */
  readonly apps: readonly AppConfig[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/** True for names and addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i.test(host)
}
