import type { ZodType } from 'zod'

import type { Json } from '../json.ts'
import { GraphError } from './error.ts'

/** The simulator holds its own answers to their shapes, so that a mistake in it is seen here and not in a client. */
export function checked<Value extends Json | undefined>(name: string, shape: ZodType, value: Value): Value {
  const result = shape.safeParse(value)
  if (result.success) return value
  const where = result.error.issues.map((issue) => `${issue.path.join('.') || 'value'}: ${issue.message}`)
  throw new GraphError(
    1,
    `(#1) The simulator's own answer does not fit the shape ${name} (${where.join('; ')})`,
  )
}
