import { deleteAllocation, listAllocations } from './allocations.ts'
import { assignUser, unassignUser } from './assigned-users.ts'
import { fetchCustomerToken } from './customer-token.ts'
import { createSolution } from './create-solution.ts'
import { selfCertify } from './self-certify.ts'
import { step } from './lifecycle.ts'
import { addPhoneNumber } from './add-number.ts'
import { setMigrationIntent } from './migration-intent.ts'
import { configureNumber } from './number-override.ts'
import { deregisterNumber, registerNumber } from './register-number.ts'
import type { Route } from './route.ts'
import { attach, share, shareAndAttach } from './share-credit.ts'
import { syncAppData } from './smb-app-data.ts'
import { readSolutionToken } from './solution-token.ts'
import { subscribeApp, unsubscribeApp } from './subscribed-apps.ts'
import { subscribe, unsubscribe } from './subscriptions.ts'
import { requestCode, verifyCode } from './verify-number.ts'

/** Everything beside the reads of nodes and edges, by method, kind of node and edge. */
const routes: Readonly<Record<string, Route>> = {
  'POST app/whatsapp_business_solution': createSolution,
  'POST app/subscriptions': subscribe,
  'DELETE app/subscriptions': unsubscribe,
  'GET solution/access_token': readSolutionToken,
  'POST solution/accept': step('accept'),
  'POST solution/reject': step('reject'),
  'POST solution/send_deactivation_request': step('send_deactivation_request'),
  'POST solution/accept_deactivation_request': step('accept_deactivation_request'),
  'POST solution/reject_deactivation_request': step('reject_deactivation_request'),
  'POST business/system_user_access_tokens': fetchCustomerToken,
  'POST business/self_certify_whatsapp_business': selfCertify,
  'POST waba/set_solution_migration_intent': setMigrationIntent,
  'POST waba/phone_numbers': addPhoneNumber,
  'POST phone': configureNumber,
  'POST phone/request_code': requestCode,
  'POST phone/verify_code': verifyCode,
  'POST phone/register': registerNumber,
  'POST phone/deregister': deregisterNumber,
  'POST phone/smb_app_data': syncAppData,
  'POST waba/subscribed_apps': subscribeApp,
  'DELETE waba/subscribed_apps': unsubscribeApp,
  'POST waba/assigned_users': assignUser,
  'DELETE waba/assigned_users': unassignUser,
  'POST creditLine/whatsapp_credit_sharing_and_attach': shareAndAttach,
  'POST creditLine/whatsapp_credit_sharing': share,
  'POST creditLine/whatsapp_credit_attach': attach,
  'GET creditLine/owning_credit_allocation_configs': listAllocations,
  'DELETE allocation': deleteAllocation,
}

export const findRoute = (key: string): Route | undefined =>
  Object.hasOwn(routes, key) ? routes[key] : undefined
