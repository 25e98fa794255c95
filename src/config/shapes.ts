import { readFileSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { currencies, isLoopback, type AutoOnboard, type Config, type Environment } from './types.ts'

/** Everything that is wrong with the environment, by name and never by value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

/** The value in its shape, or null with what is wrong added to `problems`. */
export function parse<T>(shape: z.ZodType<T>, value: unknown, problems: string[], within = ''): T | null {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) problems.push(describe(issue, value, within))
  return null
}

function describe(issue: z.core.$ZodIssue, value: unknown, within: string): string {
  const name = [within, ...issue.path].filter((part) => part !== '').join('.')
  if (issue.code === 'invalid_type')
    return valueAt(value, issue.path) === undefined
      ? `${name}: is missing`
      : `${name}: must be of type ${issue.expected}`
  if (issue.code === 'unrecognized_keys') return `${name}: has unknown keys ${issue.keys.join(', ')}`
  return `${name}: ${issue.message}`
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value)
}

// A shorter value is a placeholder or half a paste: Meta's app secrets have 32 characters, its tokens more. Printable
// ASCII, as secrets go into HTTP headers.
const secret = /^[\x21-\x7e]{16,}$/
const described = 'of 16 or more printable ASCII characters without white space'
export const Secret = z.string().regex(secret, `must be a secret ${described}`)

/** The app's owner makes it up, so it may be shorter and hold spaces, though not at its ends. */
export const VerifyToken = z
  .string()
  .regex(/^(?!\s)\P{Cc}{8,}(?<!\s)$/u, 'must have 8 or more characters, and no white space at its ends')

/** One secret, or two with a comma between them while it is being changed. */
export const AppSecrets = z.string().transform((given, issues): [string, ...string[]] => {
  const [first = '', ...rest] = given.split(',').map((part) => part.trim())
  if (rest.length < 2 && [first, ...rest].every((part) => secret.test(part))) return [first, ...rest]
  issues.addIssue(`must be one secret ${described}, or two with a comma between them`)
  return z.NEVER
})

/** A secret in a file of apps stands there itself, or in a variable, or in a file. */
export const Reference = z.union(
  [z.string(), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  { error: 'must be a text, {"env":"NAME"} or {"file":"PATH"}' },
)
export type Reference = z.infer<typeof Reference>

/** What a reference stands for, in its shape; null with the problem noted. */
export function resolve<T>(
  reference: Reference,
  shape: z.ZodType<T>,
  name: string,
  env: Environment,
  problems: string[],
): T | null {
  if (typeof reference === 'string') return parse(shape, reference, problems, name)
  const value = 'env' in reference ? env[reference.env] : readText(reference.file)
  if (value !== undefined && value.trim() !== '') return parse(shape, value.trim(), problems, name)
  problems.push(`${name}: points to ${'env' in reference ? 'a variable' : 'a file'} that holds nothing`)
  return null
}

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

export type Secrets = Pick<Config, 'apps' | 'apiKey' | 'encryptionKeys'>

/** Every configured value that must never be printed. */
export function secretsOf({ apps, apiKey, encryptionKeys }: Secrets): string[] {
  const ofApps = apps.flatMap(({ appSecrets, systemToken, verifyToken }) => [
    ...appSecrets,
    systemToken,
    verifyToken,
  ])
  return [...ofApps, ...encryptionKeys, ...(apiKey === null ? [] : [apiKey])]
}

const name = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))+(?::\d{1,5})?$/

/** Hosts that customers' webhooks may be sent to, with commas between them. */
export const OverrideHosts = z
  .string()
  .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
  .refine(
    (hosts) => hosts.every((host) => name.test(host) && !/^[\d.:]+$/.test(host) && !host.includes('xn--')),
    'must be host names such as hooks.example.com or *.example.com, with commas between them',
  )

/** Addresses that redirect dialogs of Embedded Signup end at, with commas between them. Compared as they are. */
export const RedirectUris = z
  .string()
  .transform((text) => text.split(',').map((uri) => uri.trim()))
  .refine(
    (uris) => uris.every(isRedirectUri),
    'must be https URLs without user name and fragment (http on a loopback host), with commas between them',
  )

function isRedirectUri(text: string): boolean {
  const url = /^[\x21-\x7e]{1,2000}$/.test(text) ? URL.parse(text) : null
  if (!url || url.username !== '' || url.password !== '' || text.includes('#')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

const rules = new Map<string, AutoOnboard>([
  ['off', { subscribe: false, creditCurrency: null }],
  ['subscribe', { subscribe: true, creditCurrency: null }],
  ...currencies.map(
    (currency) => [`subscribe,credit:${currency}`, { subscribe: true, creditCurrency: currency }] as const,
  ),
])

export const AutoOnboardText = z.string().transform((text, issues): AutoOnboard => {
  const rule = rules.get(text)
  if (rule) return rule
  issues.addIssue(`must be off, subscribe or subscribe,credit: with one of ${currencies.join(', ')}`)
  return z.NEVER
})

/** Addresses and blocks of them, with commas between them. A block of everybody would let everybody say who they are. */
export const AddressList = z.string().transform((text, issues): BlockList => {
  const list = new BlockList()
  if (text.split(',').every((part) => add(list, part.trim()))) return list
  issues.addIssue('must be IP addresses or blocks such as 10.0.0.0/8 or fd00::/8, with commas between them')
  return z.NEVER
})

function add(list: BlockList, part: string): boolean {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(part) ?? []
  const version = isIP(address)
  const most = version === 4 ? 32 : 128
  const length = Number(prefix ?? most)
  if (version === 0 || length < 1 || length > most || /%|^::ffff:.*\//i.test(part)) return false
  list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
  return true
}
