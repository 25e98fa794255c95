import { GraphQLError } from 'graphql'
import { builder } from './builder.ts'

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

builder.scalarType('DateTime', {
  description: 'An instant, as ISO 8601 in UTC, e.g. 2026-11-21T08:30:00.000Z. Input may have any offset.',
  serialize: (milliseconds) => new Date(milliseconds).toISOString(),
  parseValue: (value) => {
    const time = typeof value === 'string' && instant.test(value) ? Date.parse(value) : Number.NaN
    if (Number.isNaN(time)) throw new GraphQLError('A DateTime must be ISO 8601 with a time and an offset.')
    return time
  },
})

builder.scalarType('JSON', {
  description:
    'Any JSON value, as Meta sent it. Whole numbers too large for a double are strings of the same digits.',
  serialize: (value) => value,
})
