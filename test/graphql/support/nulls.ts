import type { Result } from '../../support/clients.ts'
import type { Json } from '../../writes/support/play.ts'

type Path = readonly (string | number)[]

const below = (value: unknown, key: string | number): unknown =>
  (value as Readonly<Record<string | number, unknown>> | null | undefined)?.[key]

const at = (data: unknown, path: Path): unknown => path.reduce(below, data)

/** Errors that took more than the field at their path, in sentences; some objects may be taken as a whole. */
export function spread({ data, errors = [] }: Result<Json>, whole: readonly string[]): readonly string[] {
  return errors.flatMap(({ message, path = [] }) => {
    const around = path.slice(0, -1)
    if (path.length > 0 && (at(data, around) != null || whole.includes(around.join('.')))) return []
    return [`${path.join('.')} took what is around it: ${message}`]
  })
}

/** Places that had a value and are null now, without an error that says so; some objects say so themselves. */
export function silences(
  before: unknown,
  { data, errors = [] }: Result<Json>,
  themselves: readonly string[],
): readonly string[] {
  const failed = new Set([...errors.map(({ path = [] }) => path.join('.')), ...themselves])
  const walk = (was: unknown, is: unknown, path: Path): readonly string[] => {
    if (failed.has(path.join('.')) || was == null) return []
    if (is == null) return [`${path.join('.')} is null without an error`]
    return typeof was === 'object'
      ? Object.entries(was).flatMap(([key, value]) => walk(value, below(is, key), [...path, key]))
      : []
  }
  return walk(before, data, [])
}
