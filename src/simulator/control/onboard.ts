import { z } from 'zod'

import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { tellPartnerAdded } from '../webhooks/events.ts'
import { tellAppInstalled, tellCertificationNeeded } from '../webhooks/partner-events.ts'
import type { SolutionRow } from '../world/rows.ts'
import { appIdsOf } from '../world/solution.ts'
import { bring, knownCustomer } from './bring-account.ts'
import { ControlError } from './error.ts'
import { checkSignup, makeOlder, recordSignup, signupCode } from './signup.ts'

const text = z.string().min(1).max(200)

export const Onboard = z.strictObject({
  solution_id: z.string().optional(),
  /** On whose page it happens: the first app, or the owner of the solution, when left out. */
  app_id: z.string().optional(),
  /** A customer that is there already and brings one more account. */
  business_id: z.string().optional(),
  /** A number that is there already: the account that comes to be lists it as well (new account model). */
  phone_number_id: z.string().optional(),
  /** An account that is there already and is picked in the pop-up; nothing is made. */
  waba_id: z.string().optional(),
  /** The number is in use with the WhatsApp Business app, and stays so. */
  coexistence: z.boolean().default(false),
  business_name: text.optional(),
  waba_name: text.optional(),
  /** Whether the number is registered already. After a real signup it is not. */
  registered: z.boolean().default(false),
  /** Whether WhatsApp has never seen this business; only such ones count for the weekly limit. */
  new_customer: z.boolean().default(true),
  /**
   * Hosted signup and an app-only install tell of the permission alone; a plain signup was seen to tell of both; one without
   * a website may tell of the verification that is needed, and of nothing else.
   */
  event: z
    .enum(['PARTNER_ADDED', 'PARTNER_APP_INSTALLED', 'BOTH', 'PARTNER_CLIENT_CERTIFICATION_NEEDED'])
    .default('PARTNER_ADDED'),
  /** Of a dialog that ends by redirecting; the code is exchanged with the same one. */
  redirect_uri: z.url().optional(),
})

/** A solution onboards customers while it is active, also with a deactivation asked for (Meta's guide). */
function solutionOf({ world }: Sim, id: string): SolutionRow {
  const solution = world.solutions.get(id)
  if (solution === undefined) throw new ControlError(404, `There is no solution ${id}`)
  if (solution.status !== 'ACTIVE') {
    throw new ControlError(409, `Solution ${id} is ${solution.status}: it onboards no customers`)
  }
  return solution
}

function appOf({ world }: Sim, id: string | undefined): string {
  const appId = id ?? world.apps.keys().next().value
  if (appId === undefined || !world.apps.has(appId))
    throw new ControlError(404, `There is no app ${id ?? ''}`)
  return appId
}

/** On whose page the customer signed up: any party of the solution, its owner when nothing is said. */
function hostOf(appIds: readonly string[], wanted: string | undefined): string {
  const host = wanted === undefined ? appIds[0] : appIds.find((id) => id === wanted)
  if (host === undefined) throw new ControlError(404, `App ${wanted ?? ''} takes no part in the solution`)
  return host
}

/** Plays a customer that finishes Embedded Signup. */
export function onboard(sim: Sim, input: z.output<typeof Onboard>): JsonObject {
  const solution = input.solution_id === undefined ? undefined : solutionOf(sim, input.solution_id)
  const appIds = solution === undefined ? [appOf(sim, input.app_id)] : appIdsOf(sim.world, solution)
  const host = hostOf(appIds, input.app_id)
  const known = knownCustomer(sim, input)
  const fresh = known === undefined && input.new_customer
  checkSignup(sim, host, solution !== undefined && fresh)
  const parties = { appIds, ...(solution === undefined ? {} : { solutionId: solution.id }) }
  const { business, waba, phones } = bring(sim, { ...input, known, parties })
  recordSignup(sim, host, business.id, fresh)
  if (known === undefined && !fresh) makeOlder(sim, business)
  const { event } = input
  if (event === 'PARTNER_ADDED' || event === 'BOTH') tellPartnerAdded(sim, appIds, waba, solution)
  if (event === 'PARTNER_APP_INSTALLED' || event === 'BOTH')
    for (const id of appIds) tellAppInstalled(sim, id, waba)
  if (event === 'PARTNER_CLIENT_CERTIFICATION_NEEDED')
    for (const id of appIds) tellCertificationNeeded(sim, id, waba)
  return {
    business_id: business.id,
    waba_id: waba.id,
    phone_number_ids: phones.map((phone) => phone.id),
    solution_id: solution?.id ?? null,
    app_ids: appIds,
    host_app_id: host,
    code: signupCode(sim, host, business.id, input.redirect_uri),
    session: sessionOf(input, { phone_number_id: phones[0]?.id, waba_id: waba.id, business_id: business.id }),
  }
}

/**
 * What the pop-up tells the page that opened it: page "Embedded Signup, implementation"; of coexistence the account alone, of
 * an app-only install an end of its own.
 */
function sessionOf(
  { coexistence, event }: Pick<z.output<typeof Onboard>, 'coexistence' | 'event'>,
  data: JsonObject,
): JsonObject {
  const type = 'WA_EMBEDDED_SIGNUP'
  if (coexistence)
    return { type, event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', data: { waba_id: data['waba_id'] } }
  return { type, event: event === 'PARTNER_APP_INSTALLED' ? 'FINISH_GRANT_ONLY_API_ACCESS' : 'FINISH', data }
}
