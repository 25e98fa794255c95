import { z } from 'zod'
import { get, type Endpoint } from '../endpoint.ts'
import { graphIdShape } from '../shapes.ts'

const ownerShape = z.looseObject({ owner_business_info: z.looseObject({ id: graphIdShape }) })

/** Who owns an account, read with a token that has just come and is not yet anybody's. */
export const readOwner = (wabaId: string): Endpoint<z.infer<typeof ownerShape>> =>
  get([wabaId], { fields: 'owner_business_info' }, ownerShape, 'user')
