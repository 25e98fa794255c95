import { put } from './create.ts'
import type { Place } from './names.ts'
import { listIn } from './number-accounts.ts'
import type { BusinessRow, PhoneRow, WabaRow, World } from './rows.ts'
import { makeNamespace, makeToken } from './secrets.ts'

interface NewCustomer {
  /** A portfolio that is there already and gets one more account. */
  readonly business?: BusinessRow
  readonly businessName: string
  readonly wabaName: string
  readonly verificationStatus: string
  readonly place: Place
  /** How many new numbers come along. */
  readonly numbers: number
  /** Numbers that are there and listed by this account as well. */
  readonly listed?: readonly PhoneRow[]
  readonly registered: boolean
  /** The partners' apps that the customer lets in. */
  readonly appIds: readonly string[]
  readonly solutionId?: string
  /** Unix seconds. */
  readonly createdAt: number
}

export interface Customer {
  readonly business: BusinessRow
  readonly waba: WabaRow
  readonly phones: readonly PhoneRow[]
}

function addPhone(world: World, wabaId: string, input: NewCustomer): PhoneRow {
  const id = world.nextId('phone')
  const digits = id.slice(-7)
  return put(world, 'phone', world.phones, {
    id,
    wabaIds: [wabaId],
    displayNumber: `+1 555-${digits.slice(0, 3)}-${digits.slice(3)}`,
    verifiedName: input.wabaName,
    registered: input.registered,
    onboardedAt: input.createdAt,
  })
}

function addTokens(world: World, businessId: string, input: NewCustomer): void {
  for (const appId of input.appIds) {
    const token = makeToken('business', appId, businessId)
    world.tokens.set(token, { kind: 'business', token, appId, businessId, issuedAt: input.createdAt })
  }
}

function addBusiness(world: World, input: NewCustomer): BusinessRow {
  return put(world, 'business', world.businesses, {
    id: world.nextId('business'),
    name: input.businessName,
    verificationStatus: input.verificationStatus,
    createdAt: input.createdAt,
  })
}

/** What exists once a customer has gone through Embedded Signup. */
export function addCustomer(world: World, input: NewCustomer): Customer {
  const business = input.business ?? addBusiness(world, input)
  const wabaId = world.nextId('waba')
  const phones = Array.from({ length: input.numbers }, () => addPhone(world, wabaId, input))
  addTokens(world, business.id, input)
  const sharedWith = input.appIds.flatMap((appId) => world.apps.get(appId)?.businessId ?? [])
  const waba = put(world, 'waba', world.wabas, {
    id: wabaId,
    name: input.wabaName,
    ...input.place,
    namespace: makeNamespace(wabaId),
    ownerBusinessId: business.id,
    sharedWith: [...new Set(sharedWith)],
    solutionIds: input.solutionId === undefined ? [] : [input.solutionId],
    phoneIds: phones.map((phone) => phone.id),
    createdAt: input.createdAt,
    subscribed: new Map<string, string | null>(),
    assigned: new Map<string, readonly string[]>(),
  })
  for (const phone of input.listed ?? []) listIn(world, phone, world.wabas.get(waba.id) ?? waba)
  return { business, waba: world.wabas.get(waba.id) ?? waba, phones: [...phones, ...(input.listed ?? [])] }
}
