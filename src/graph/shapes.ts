import { z } from 'zod'
import { isGraphId, type GraphId } from './ids.ts'

// Booleans are strings at times: the guide on system user tokens shows `{"success":"true"}`.
export const graphBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
])

// Ids come as strings, and in Meta's samples of debug_token and of WABAs also as bare numbers.
export const graphIdShape = z
  .union([z.string(), z.number().transform(String)])
  .refine((text): text is GraphId => isGraphId(text), { error: 'not a Graph id' })
