import { z } from 'zod'
import { post, type Endpoint } from '../endpoint.ts'
import type { BusinessToken } from './solutions.ts'

const tokenShape = z.looseObject({ access_token: z.string().min(1), expires_at: z.number().optional() })

/**
 * The token that the app already has of a customer, for whoever was not onboarded through a solution; with `fetch_only`
 * none is made: the guide "Hosted Embedded Signup". A secret.
 */
export const fetchCustomerToken = (businessId: string): Endpoint<BusinessToken> => ({
  ...post([businessId, 'system_user_access_tokens'], { fetch_only: true }, tokenShape),
  reads: true,
})
