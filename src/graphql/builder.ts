import SchemaBuilder from '@pothos/core'
import type { Ctx } from '../context.ts'

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

/** Defines no type: each noun's file adds its own. */
export const builder = new SchemaBuilder<SchemaTypes>({ defaultFieldNullability: false })

builder.queryType({ description: 'Everything that can be read.' })
builder.mutationType({
  description: 'Actions. Expected failures are types in the result; each write is sent to Graph once.',
})
builder.subscriptionType({
  description: 'Live streams over WebSocket (graphql-transport-ws) or SSE, fed by the event log.',
})
