import SchemaBuilder from '@pothos/core'
import type { Ctx } from '../context.ts'
import { GraphQLError, valueFromASTUntyped, type ValueNode } from 'graphql'

export interface SchemaTypes {
  Context: Ctx
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    /** Milliseconds since 1970 inside, ISO 8601 in UTC outside. */
    DateTime: { Input: number; Output: number }
    JSON: { Input: unknown; Output: unknown }
  }
}

/** Defines no type but scalars: each noun's file adds its own. */
export const builder = new SchemaBuilder<SchemaTypes>({ defaultFieldNullability: false })

builder.queryType({ description: 'Everything that can be read.' })
builder.mutationType({
  description: 'Actions. Expected failures are types in the result; each write is sent to Graph once.',
})
builder.subscriptionType({
  description: 'Live streams over WebSocket (graphql-transport-ws) or SSE, fed by the event log.',
})

const instant =
  /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/

const format = 'an instant that exists, in ISO 8601 with a time and an offset, e.g. 2026-11-21T08:30:00Z'

builder.scalarType('DateTime', {
  description: 'An instant, as ISO 8601 in UTC, e.g. 2026-11-21T08:30:00.000Z. Input may have any offset.',
  // Whoever refuses a value may not repeat it, and says this instead.
  extensions: { format },
  serialize: (milliseconds) => new Date(milliseconds).toISOString(),
  parseValue: (value) => millisecondsOf(value),
  // With the place in the query, which graphql-js does not add.
  parseLiteral: (node) => millisecondsOf(valueFromASTUntyped(node), node),
})

function millisecondsOf(value: unknown, nodes?: ValueNode): number {
  const [text, date] = (typeof value === 'string' ? instant.exec(value) : null) ?? []
  if (text === undefined || date === undefined || !isDay(date))
    throw new GraphQLError(`A DateTime is ${format}.`, { nodes })
  return Date.parse(text)
}

/** JavaScript takes 30 February for a day in March. */
const isDay = (date: string): boolean => {
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

builder.scalarType('JSON', {
  description: 'Any JSON value. Whole numbers too large for a double are strings of the same digits.',
  serialize: (value) => value,
})
