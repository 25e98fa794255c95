import { type Play, type Reply, lucky } from './world.ts'

export const line = '1972385232742146'
export const luckyBusiness = '506914307656634'
export const socialBusiness = '520744086200222'

export interface Customer {
  readonly waba: string
  readonly business: string
  readonly token: string
}

/** The n-th customer of a seeded world, with the token that Lucky Shrub has for it. */
export function customerOf(game: Play, index = 0): Customer {
  const row = game.sim.state().accounts[index]
  const business = String(row?.ownerBusinessId)
  return { waba: String(row?.id), business, token: game.businessToken(lucky, business) }
}

/** Another customer of Lucky Shrub alone, or another account of a customer. */
export async function onboarded(game: Play, more: object = {}): Promise<Customer> {
  const { body } = await game.control('POST', 'onboard', more)
  const business = String(body.business_id)
  return { waba: String(body.waba_id), business, token: game.businessToken(lucky, business) }
}

export const assign = (game: Play, { waba }: Customer, tasks: string, appId = lucky): Promise<Reply> => {
  const user = game.sim.state().apps.find((app) => app.appId === appId)?.systemUserId
  const path = `/${waba}/assigned_users?user=${user}&tasks=${encodeURIComponent(tasks)}`
  return game.ask('POST', path, game.system(appId))
}

export const post = (
  { ask }: Play,
  edge: string,
  params: Record<string, string>,
  token: string,
): Promise<Reply> => ask('POST', `/v26.0/${line}/${edge}?${new URLSearchParams(params)}`, token)

export const shareAndAttach = (
  game: Play,
  { waba }: Customer,
  more: Record<string, string> = {},
): Promise<Reply> =>
  post(
    game,
    'whatsapp_credit_sharing_and_attach',
    { waba_currency: 'USD', waba_id: waba, ...more },
    game.system(lucky),
  )

/** The account is assigned to and takes the line; the id of the record. */
export async function shared(game: Play, customer: Customer): Promise<string> {
  await assign(game, customer, "['MANAGE_BILLING']")
  return String((await shareAndAttach(game, customer)).body.allocation_config_id)
}

export const allocation = ({ ask, system }: Play, id: string, fields: string): Promise<Reply> =>
  ask('GET', `/${id}?fields=${fields}`, system(lucky))
export const fundingOf = async ({ ask }: Play, { waba, token }: Customer): Promise<unknown> =>
  (await ask('GET', `/${waba}?fields=primary_funding_id`, token)).body.primary_funding_id
