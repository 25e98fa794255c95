import { z } from 'zod'
import { get, type Endpoint } from '../endpoint.ts'
import { graphIdShape } from '../shapes.ts'
import { solutionsPage } from './shapes.ts'

const originShape = z.looseObject({
  owner_business: z.looseObject({ id: graphIdShape }).nullish(),
  solutions: solutionsPage.nullish(),
})
export type OriginNode = z.infer<typeof originShape>
const originsShape = z.record(z.string(), originShape)

/** Where accounts come from: GET /?ids=, 50 at most. */
export const readOrigins = (
  wabaIds: readonly string[],
  fields: string,
): Endpoint<Record<string, OriginNode>> => get([], { ids: wabaIds.join(','), fields }, originsShape)
