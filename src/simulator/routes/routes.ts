import { assignUser, unassignUser } from './assigned-users.ts'
import { createSolution } from './create-solution.ts'
import { step } from './lifecycle.ts'
import type { Route } from './route.ts'
import { readSolutionToken } from './solution-token.ts'
import { subscribeApp, unsubscribeApp } from './subscribed-apps.ts'
import { subscribe, unsubscribe } from './subscriptions.ts'

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
  'POST waba/subscribed_apps': subscribeApp,
  'DELETE waba/subscribed_apps': unsubscribeApp,
  'POST waba/assigned_users': assignUser,
  'DELETE waba/assigned_users': unassignUser,
}

export const findRoute = (key: string): Route | undefined =>
  Object.hasOwn(routes, key) ? routes[key] : undefined
