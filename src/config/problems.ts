import type { z } from 'zod'

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
