import type { TokenRow } from '../world/rows.ts'
import type { Caller } from './caller.ts'
import { forbidden } from './error.ts'

const whatsApp = ['whatsapp_business_management', 'whatsapp_business_messaging']

// Guides "Access tokens" (system and business), "Embedded creation of Multi-Partner Solutions" (manage_app_solution)
const usual: Record<TokenRow['kind'], readonly string[]> = {
  system: [...whatsApp, 'public_profile', 'business_management', 'manage_app_solution'],
  user: [...whatsApp, 'public_profile', 'business_management', 'manage_app_solution'],
  business: [...whatsApp, 'public_profile'],
}

export const scopesOf = (row: TokenRow): readonly string[] => row.scopes ?? usual[row.kind]

export type Permission =
  | 'whatsapp_business_management'
  | 'whatsapp_business_messaging'
  | 'business_management'
  | 'manage_app_solution'

/** Meta's page "Business phone numbers, registration": without the permission the code is 200. */
export function needPermission(caller: Caller, permission: Permission): void {
  const granted = caller.kind === 'app' ? [] : scopesOf(caller.row)
  if (!granted.includes(permission)) throw forbidden(`Requires the ${permission} permission`)
}
