import { z } from 'zod'

import { seconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { tellPartnerAdded } from '../webhooks/events.ts'
import { tellAppInstalled, tellAppUninstalled } from '../webhooks/partner-events.ts'
import { addCustomer } from '../world/customer.ts'
import { customerName, placeOf } from '../world/names.ts'
import type { AppRow, WabaRow } from '../world/rows.ts'
import { revokeBusinessTokens } from '../world/token.ts'
import { ControlError } from './error.ts'

const text = z.string().min(1).max(200)

export const Install = z.strictObject({
  /** The partner's app; the first one when left out. */
  app_id: z.string().optional(),
  business_name: text.optional(),
  waba_name: text.optional(),
  /** Whether the customer gives a number: in the new model always, in the old one when told. */
  number: z.boolean().optional(),
  /** The guide "Partner-initiated WABA creation" says that one of the two comes. */
  event: z.enum(['PARTNER_APP_INSTALLED', 'PARTNER_ADDED']).default('PARTNER_APP_INSTALLED'),
})

export const Uninstall = z.strictObject({ waba_id: z.string(), app_id: z.string().optional() })

function appOf({ world }: Sim, id: string | undefined): AppRow {
  const app = world.apps.get(id ?? world.apps.keys().next().value ?? '')
  if (app === undefined) throw new ControlError(404, `There is no app ${id ?? ''}`)
  return app
}

/** Page "Updates to WhatsApp Business accounts, onboarding": in the new model the customer must give a number. */
function givesNumber({ world }: Sim, { number }: z.output<typeof Install>): boolean {
  const isNew = world.settings.accountModel === 'new'
  if (isNew && number === false)
    throw new ControlError(409, 'In the new account model a customer gives a number with an account')
  return number ?? isNew
}

/** Plays a customer that agrees to an account which the partner has asked for. */
export function install(sim: Sim, input: z.output<typeof Install>): JsonObject {
  const { world, clock } = sim
  const app = appOf(sim, input.app_id)
  const index = world.wabas.size
  const businessName = input.business_name ?? customerName(index)
  const { business, waba, phones } = addCustomer(world, {
    businessName,
    wabaName: input.waba_name ?? `${businessName} WhatsApp`,
    verificationStatus: 'not_verified',
    place: placeOf(index),
    numbers: givesNumber(sim, input) ? 1 : 0,
    registered: false,
    appIds: [app.id],
    createdAt: seconds(clock.now()),
  })
  const row: WabaRow = { ...waba, partnerInitiated: true }
  world.wabas.set(waba.id, row)
  if (input.event === 'PARTNER_ADDED') tellPartnerAdded(sim, [app.id], row, undefined)
  else tellAppInstalled(sim, app.id, row)
  const phone_number_ids = phones.map((phone) => phone.id)
  return { business_id: business.id, waba_id: waba.id, app_id: app.id, phone_number_ids }
}

/** Plays a customer that removes the partner's app: its tokens end, and the account is no longer shared. */
export function uninstall(sim: Sim, input: z.output<typeof Uninstall>): JsonObject {
  const { world } = sim
  const waba = world.wabas.get(input.waba_id)
  if (waba === undefined) throw new ControlError(404, `There is no account ${input.waba_id}`)
  const app = appOf(sim, input.app_id ?? partnerOf(sim, waba))
  if (!waba.sharedWith.includes(app.businessId)) {
    throw new ControlError(409, `Account ${waba.id} is not shared with the portfolio of app ${app.id}`)
  }
  const sharedWith = waba.sharedWith.filter((id) => id !== app.businessId)
  waba.subscribed.delete(app.id)
  for (const id of waba.assigned.keys()) {
    if (world.users.get(id)?.businessId === app.businessId) waba.assigned.delete(id)
  }
  world.wabas.set(waba.id, { ...waba, sharedWith })
  revokeBusinessTokens(world, app.id, waba.ownerBusinessId)
  tellAppUninstalled(sim, app.id, waba)
  return { business_id: waba.ownerBusinessId, waba_id: waba.id, app_id: app.id }
}

const partnerOf = ({ world }: Sim, waba: WabaRow): string | undefined =>
  [...world.apps.values()].find((app) => waba.sharedWith.includes(app.businessId))?.id
