import { z } from 'zod'
import { graphBoolean } from '../shapes.ts'

/** `{"success":true}`, with or without more. What was done is read back, so anything will do that does not say false. */
export const doneShape = z.looseObject({ success: graphBoolean.refine((success) => success).optional() })
