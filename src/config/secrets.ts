import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { parse } from './problems.ts'
import type { Config, Environment } from './types.ts'

// A value shorter than this is a placeholder or half a paste: Meta's app secrets have 32 characters, its tokens
// more. What is in a secret goes into HTTP headers.
const secret = /^[\x21-\x7e]{16,}$/
const described = 'of 16 or more printable ASCII characters without white space'
export const Secret = z.string().regex(secret, `must be a secret ${described}`)

/** The app's owner makes it up, so it may be shorter and hold spaces, though not at its ends. */
export const VerifyToken = z
  .string()
  .regex(/^(?!\s)\P{Cc}{8,}(?<!\s)$/u, 'must have 8 or more characters, and no white space at its ends')

/** One secret, or while it is being changed two with a comma between them. */
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

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Every configured value that must never be printed. */
export function secretsOf({ apps, apiKey }: Pick<Config, 'apps' | 'apiKey'>): string[] {
  const ofApps = apps.flatMap(({ appSecrets, systemToken, verifyToken }) => [
    ...appSecrets,
    systemToken,
    verifyToken,
  ])
  return apiKey === null ? ofApps : [...ofApps, apiKey]
}
