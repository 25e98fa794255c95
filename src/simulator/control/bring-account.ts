import { seconds } from '../clock.ts'
import type { Sim } from '../sim.ts'
import { type Customer, addCustomer } from '../world/customer.ts'
import { customerName, placeOf } from '../world/names.ts'
import { putOnBizApp } from '../world/number.ts'
import { accountsOf } from '../world/number-accounts.ts'
import type { BusinessRow, PhoneRow, WabaRow, World } from '../world/rows.ts'
import { letIn } from '../world/token.ts'
import { ControlError } from './error.ts'

/** What a customer brings that is here already. */
interface Chosen {
  readonly business_id?: string | undefined
  readonly phone_number_id?: string | undefined
  readonly waba_id?: string | undefined
}

interface Brought extends Chosen {
  readonly business_name?: string | undefined
  readonly waba_name?: string | undefined
  readonly registered: boolean
  readonly coexistence: boolean
  readonly known: BusinessRow | undefined
  readonly parties: Parties
}

interface Parties {
  readonly appIds: readonly string[]
  readonly solutionId?: string
}

/** Whose account, number or portfolio it is that is named; undefined when none is. */
export function knownCustomer({ world }: Sim, input: Chosen): BusinessRow | undefined {
  const { business_id, phone_number_id, waba_id } = input
  const named = [business_id, phone_number_id, waba_id].filter((id) => id !== undefined)
  if (named.length > 1) throw new ControlError(400, 'Give one of business_id, phone_number_id and waba_id')
  if (named.length === 0) return undefined
  const account = waba_id === undefined ? undefined : existing(world.wabas, 'account', waba_id)
  const number = phone_number_id === undefined ? undefined : numberOf(world, phone_number_id)
  const waba = account ?? (number && accountsOf(world, number.id)[0])
  return existing(world.businesses, 'business', business_id ?? waba?.ownerBusinessId ?? '')
}

function existing<Row>(rows: ReadonlyMap<string, Row>, what: string, id: string): Row {
  const row = rows.get(id)
  if (row === undefined) throw new ControlError(404, `There is no ${what} ${id}`)
  return row
}

function numberOf({ phones, settings }: World, id: string): PhoneRow {
  const number = existing(phones, 'phone number', id)
  if (settings.accountModel === 'old')
    throw new ControlError(
      409,
      'In the old account model a number is on one account: it is moved, not shared',
    )
  return number
}

/** The account that the partners get, new or picked, with its numbers. */
export function bring(sim: Sim, input: Brought): Customer {
  const customer = input.waba_id === undefined ? make(sim, input) : pick(sim, input.waba_id, input.parties)
  if (!input.coexistence) return customer
  for (const { id } of customer.phones) putOnBizApp(sim.world, id, sim.clock.now())
  return customer
}

function make(sim: Sim, input: Brought): Customer {
  const { world, clock } = sim
  const { known, parties, phone_number_id } = input
  const listed = phone_number_id === undefined ? undefined : world.phones.get(phone_number_id)
  const businessName = known?.name ?? input.business_name ?? customerName(world.wabas.size)
  return addCustomer(world, {
    ...(known === undefined ? {} : { business: known }),
    businessName,
    wabaName: input.waba_name ?? `${businessName} WhatsApp`,
    verificationStatus: 'not_verified',
    place: placeOf(world.wabas.size),
    numbers: listed === undefined ? 1 : 0,
    listed: listed === undefined ? [] : [listed],
    registered: input.registered,
    ...parties,
    createdAt: seconds(clock.now()),
  })
}

/** Page "Embedded Signup, errors", 2655049: one that another partner has is not to be picked. */
function pick({ world, clock }: Sim, wabaId: string, { appIds, solutionId }: Parties): Customer {
  const before = existing(world.wabas, 'account', wabaId)
  const portfolios = appIds.flatMap((id) => world.apps.get(id)?.businessId ?? [])
  if (before.sharedWith.some((id) => !portfolios.includes(id)))
    throw new ControlError(409, `Account ${wabaId} is shared with another partner`)
  for (const appId of appIds) letIn(world, appId, before.ownerBusinessId, seconds(clock.now()))
  const solutionIds = solutionId === undefined ? [] : [solutionId]
  const waba: WabaRow = {
    ...before,
    sharedWith: [...new Set([...before.sharedWith, ...portfolios])],
    solutionIds: [...new Set([...before.solutionIds, ...solutionIds])],
  }
  world.wabas.set(wabaId, waba)
  const phones = waba.phoneIds.flatMap((id) => world.phones.get(id) ?? [])
  return { business: existing(world.businesses, 'business', waba.ownerBusinessId), waba, phones }
}
