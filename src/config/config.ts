import { BlockList } from 'node:net'
import { z } from 'zod'
import { readApps, singleNames } from './apps.ts'
import { readEncryptionKeys, encryptionKeyNames } from './encryption-keys.ts'
import { isLoopback, type Config, type Environment } from './types.ts'
import {
  AddressList,
  AutoOnboardText,
  OverrideHosts,
  RedirectUris,
  ConfigError,
  parse,
  Secret,
} from './shapes.ts'

export { isLoopback } from './types.ts'
export { ConfigError } from './shapes.ts'
export type { AppConfig, Config } from './types.ts'

function wholeNumber(least: number, most: number, why = '') {
  const message = `must be a number from ${least} to ${most}${why && `: ${why}`}`
  return z
    .string()
    .regex(/^\d{1,6}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message)
}

const hour = 3600

const Base = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a number from 0 to 65535')
    .default(4000),
  GRAPH_API_URL: z
    .string()
    .refine(isPlainUrl, 'must be an http(s) URL without user name, query or fragment')
    .default('https://graph.facebook.com'),
  GRAPH_API_VERSION: z
    .string()
    .regex(/^v\d{1,3}\.\d$/, 'must look like v27.0')
    .default('v27.0'),
  DATABASE_URL: z
    .string()
    .regex(/^(?:file:.+|postgres(?:ql)?:\/\/.+)/, 'must be file:PATH or postgres://…')
    .refine(hasOneHost, 'must name one host: a name that leads to the primary, also after a failover')
    .default('file:.data/gateway.db'),
  DATABASE_POOL_SIZE: wholeNumber(
    3,
    100,
    'one takes webhooks, one notifications, the others all else',
  ).default(10),
  DATABASE_LISTEN_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\/.+/, 'must be postgres://…')
    .optional(),
  GATEWAY_API_KEY: Secret.optional(),
  TRUSTED_PROXIES: AddressList.optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be a pino level')
    .default('info'),
  KEEP_ALIVE_SECONDS: wholeNumber(1, 3600).default(75),
  STREAM_HEARTBEAT_SECONDS: wholeNumber(1, 9999).default(30),
  SHUTDOWN_DELAY_SECONDS: wholeNumber(0, 3600).default(0),
  RETENTION_DAYS: wholeNumber(7, 3650, 'limits of a week are counted in the events that are kept').default(
    30,
  ),
  RECONCILE_SECONDS: wholeNumber(0, 86_400).optional(),
  MEMORY_CHECK: z.enum(['on', 'off'], 'must be on or off').default('on'),
  WEBHOOK_SOURCES: AddressList.optional(),
  WEBHOOK_OVERRIDE_HOSTS: OverrideHosts.optional(),
  SIGNUP_REDIRECT_URIS: RedirectUris.optional(),
  AUTO_ONBOARD: AutoOnboardText.optional(),
  ONBOARDING_WEEKLY_LIMIT: wholeNumber(1, 999_999).optional(),
})

/** Reads the environment once. Throws one ConfigError that names every problem. */
export function readConfig(env: Environment): Config {
  const problems: string[] = []
  const given = withoutEmpty(env)
  const production = env['NODE_ENV'] === 'production'
  const base = parse(Base, given, problems)
  const apps = readApps(given, problems)
  const encryptionKeys = readEncryptionKeys(given, problems)
  problems.push(...exposed(given), ...(production ? unfitForProduction(given) : []))
  if (!base || problems.length > 0) throw new ConfigError(problems)
  return {
    host: base.HOST,
    port: base.PORT,
    graphUrl: base.GRAPH_API_URL,
    graphVersion: base.GRAPH_API_VERSION,
    databaseUrl: base.DATABASE_URL,
    databasePoolSize: base.DATABASE_POOL_SIZE,
    databaseListenUrl: base.DATABASE_LISTEN_URL ?? null,
    apiKey: base.GATEWAY_API_KEY ?? null,
    trustedProxies: base.TRUSTED_PROXIES ?? new BlockList(),
    logLevel: base.LOG_LEVEL,
    keepAliveSeconds: base.KEEP_ALIVE_SECONDS,
    heartbeatSeconds: base.STREAM_HEARTBEAT_SECONDS,
    shutdownDelaySeconds: base.SHUTDOWN_DELAY_SECONDS,
    retentionDays: base.RETENTION_DAYS,
    // In the sandbox only on request: somebody who counts the simulator's calls should see none but their own.
    reconcileSeconds: base.RECONCILE_SECONDS ?? (apps.length > 0 ? hour : 0),
    checksMemory: base.MEMORY_CHECK === 'on',
    webhookSources: base.WEBHOOK_SOURCES ?? null,
    overrideHosts: base.WEBHOOK_OVERRIDE_HOSTS ?? [],
    redirectUris: base.SIGNUP_REDIRECT_URIS ?? [],
    autoOnboard: base.AUTO_ONBOARD ?? { subscribe: false, creditCurrency: null },
    onboardingWeeklyLimit: base.ONBOARDING_WEEKLY_LIMIT ?? null,
    encryptionKeys,
    production,
    apps,
  }
}

// A variable that is set but empty is a mistake worth naming only where it was meant to hold a secret.
function withoutEmpty(env: Environment): Environment {
  const named = new Set([...singleNames, ...encryptionKeyNames, 'GATEWAY_API_KEY', 'GATEWAY_CONFIG'])
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => value !== '' || named.has(name)))
}

/** libpq takes several hosts, and the library that is used here takes one. */
function hasOneHost(text: string): boolean {
  if (text.startsWith('file:')) return true
  const [authority = ''] = text.replace(/^\w+:\/\//, '').split(/[/?]/)
  return !authority.slice(authority.lastIndexOf('@') + 1).includes(',')
}

function isPlainUrl(text: string): boolean {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) return false
  return url.username === '' && url.password === '' && !/[?#]/.test(text)
}

function exposed({ HOST, GATEWAY_API_KEY }: Environment): string[] {
  if (HOST === undefined || isLoopback(HOST) || GATEWAY_API_KEY !== undefined) return []
  return ['GATEWAY_API_KEY: is required when HOST is not a loopback address']
}

function unfitForProduction(env: Environment): string[] {
  const url = URL.parse(env['GRAPH_API_URL'] ?? '')
  const plain = url?.protocol === 'http:' && !isLoopback(url.hostname.replace(/^\[|\]$/g, ''))
  const unnamed = env['GATEWAY_CONFIG'] === undefined && singleNames.every((name) => env[name] === undefined)
  return [
    ...(plain ? ['GRAPH_API_URL: must be https in production: tokens travel on it'] : []),
    ...(unnamed ? singleNames.filter((name) => name !== 'META_CREDIT_LINE_ID').map(missing) : []),
  ]
}

function missing(name: string): string {
  return `${name}: is missing (or name the apps in GATEWAY_CONFIG); production does not start the sandbox`
}
