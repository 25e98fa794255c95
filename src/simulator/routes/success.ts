import { z } from 'zod'

import { checked } from '../graph/shape.ts'
import type { JsonObject } from '../json.ts'

const Success = z.strictObject({ success: z.literal(true) })

export const success = (): JsonObject => checked('Success', Success, { success: true })
