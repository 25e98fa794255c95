import { startCallback } from '../../support/callback.ts'
import { type Customer, customerOf, luckyBusiness, onboarded } from '../../support/credit.ts'
import { type Play, type Reply, createSolution, lucky, play, social } from '../../support/world.ts'

/** What the answers are asked for in: a solution that is active, one that is offered, and a customer. */
export interface Stage extends Play {
  readonly customer: Customer
  readonly active: string
  readonly offered: string
  readonly phone: string
}

export async function stage(replyShapes: 'guide' | 'reference' = 'guide'): Promise<Stage> {
  const game = await play({ solutions: 1, wabas: 2, replyShapes })
  const customer = customerOf(game, 1)
  const phone = game.sim.state().accounts[1]?.phoneNumbers[0]?.id
  const active = game.sim.state().solutions[0]?.id
  const offered = await createSolution(game)
  return { ...game, customer, active: String(active), offered, phone: String(phone) }
}

type Ask = (stage: Stage) => Promise<Reply>

/** Reads: the path of each, and the token. Asked as they are, and for all fields that the file names. */
export const reads: Record<string, (stage: Stage) => Promise<[path: string, token: string]>> = {
  'GET /{Application-ID}/whatsapp_business_solutions': async ({ system }) => [
    `/${lucky}/whatsapp_business_solutions`,
    system(lucky),
  ],
  'GET /{Application-ID}/connected_client_businesses': async ({ system }) => [
    `/${lucky}/connected_client_businesses`,
    system(lucky),
  ],
  'GET /{User-ID}/assigned_whatsapp_business_accounts': async (game) => {
    await assign(game)
    return [`/${userOf(game)}/assigned_whatsapp_business_accounts`, game.system(lucky)]
  },
  'GET /{Solution-ID}': async ({ active, system }) => [`/${active}`, system(lucky)],
  'GET /{Migration-Intent-ID}': async (game) => {
    const customer = await onboarded(game, { app_id: lucky })
    const body = { solution_id: game.active }
    const made = await game.ask(
      'POST',
      `/${customer.waba}/set_solution_migration_intent`,
      customer.token,
      body,
    )
    return [`/${String(made.body.id)}`, customer.token]
  },
  'GET /{WABA-ID}': async ({ customer }) => [`/${customer.waba}`, customer.token],
  'GET /{WABA-ID}/solutions': async ({ customer }) => [`/${customer.waba}/solutions`, customer.token],
  'GET /{WABA-ID}/subscribed_apps': async ({ ask, customer }) => {
    await ask('POST', `/${customer.waba}/subscribed_apps`, customer.token)
    return [`/${customer.waba}/subscribed_apps`, customer.token]
  },
  'GET /{WABA-ID}/phone_numbers': async ({ customer }) => [`/${customer.waba}/phone_numbers`, customer.token],
  'GET /{WhatsApp-Business-Account-ID}/assigned_users': async (game) => {
    await assign(game)
    return [`/${game.customer.waba}/assigned_users?business=${luckyBusiness}`, game.system(lucky)]
  },
  'GET /{Phone-Number-ID}': async ({ phone, customer }) => [`/${phone}`, customer.token],
  'GET /{Business-ID}': async ({ customer }) => [`/${customer.business}`, customer.token],
  'GET /{Business-ID}/client_whatsapp_business_accounts': async ({ system }) => [
    `/${luckyBusiness}/client_whatsapp_business_accounts`,
    system(lucky),
  ],
  'GET /{Business-ID}/owned_whatsapp_business_accounts': async ({ customer }) => [
    `/${customer.business}/owned_whatsapp_business_accounts`,
    customer.token,
  ],
  'GET /{Business-ID}/extendedcredits': async ({ system }) => [
    `/${luckyBusiness}/extendedcredits`,
    system(lucky),
  ],
}

const userOf = ({ sim }: Stage): string =>
  String(sim.state().apps.find(({ appId }) => appId === lucky)?.systemUserId)

const assign: Ask = (game) =>
  game.ask('POST', `/${game.customer.waba}/assigned_users`, game.system(lucky), {
    user: userOf(game),
    tasks: ['MANAGE_BILLING'],
  })

const step =
  (name: string, which: 'active' | 'offered', by = lucky): Ask =>
  (game) =>
    game.ask('POST', `/${game[which]}/${name}`, game.system(by))

const onNumber =
  (name: string, body: object): Ask =>
  ({ ask, phone, customer }) =>
    ask('POST', `/${phone}/${name}`, customer.token, body)

/** Steps of a solution and its token, whose answers are two different things in Meta's guide and in its reference. */
export const disputed: Record<string, Ask> = {
  'GET /{Solution-ID}/access_token': ({ ask, active, customer, system }) =>
    ask('GET', `/${active}/access_token?business_id=${customer.business}`, system(lucky)),
  'POST /{Solution-ID}/accept': step('accept', 'offered'),
  'POST /{Solution-ID}/reject': step('reject', 'offered'),
  'POST /{Solution-ID}/send_deactivation_request': step('send_deactivation_request', 'active', social),
  'POST /{Solution-ID}/accept_deactivation_request': async (game) => {
    await step('send_deactivation_request', 'active', social)(game)
    return step('accept_deactivation_request', 'active')(game)
  },
  'POST /{Solution-ID}/reject_deactivation_request': async (game) => {
    await step('send_deactivation_request', 'active', social)(game)
    return step('reject_deactivation_request', 'active')(game)
  },
}

export const writes: Record<string, Ask> = {
  'POST /{Application-ID}/whatsapp_business_solution': ({ ask, system }) =>
    ask('POST', `/${lucky}/whatsapp_business_solution`, system(lucky), {
      solution_name: 'Lucky Shrub with Social Overdrive',
      partner_app_id: social,
      owner_permissions: ['MESSAGING'],
      partner_permissions: [],
    }),
  'POST /{WABA-ID}/subscribed_apps': ({ ask, customer }) =>
    ask('POST', `/${customer.waba}/subscribed_apps`, customer.token),
  'DELETE /{WABA-ID}/subscribed_apps': ({ ask, customer }) =>
    ask('DELETE', `/${customer.waba}/subscribed_apps`, customer.token),
  'POST /{WABA-ID}/phone_numbers': ({ ask, customer }) =>
    ask('POST', `/${customer.waba}/phone_numbers`, customer.token, {
      cc: '1',
      phone_number: '2025550123',
      verified_name: 'Wind & Wool',
    }),
  'POST /{WABA-ID}/set_solution_migration_intent': async (game) => {
    const { waba, token } = await onboarded(game, { app_id: lucky })
    const body = { solution_id: game.active }
    return game.ask('POST', `/${waba}/set_solution_migration_intent`, token, body)
  },
  'POST /{WhatsApp-Business-Account-ID}/assigned_users': assign,
  'DELETE /{WhatsApp-Business-Account-ID}/assigned_users': async (game) => {
    await assign(game)
    const path = `/${game.customer.waba}/assigned_users?user=${userOf(game)}`
    return game.ask('DELETE', path, game.system(lucky))
  },
  'POST /{Phone-Number-ID}': async ({ ask, phone, customer }) => {
    await ask('POST', `/${customer.waba}/subscribed_apps`, customer.token)
    const { url } = await startCallback()
    const webhook_configuration = { override_callback_uri: url, verify_token: 'ours' }
    return ask('POST', `/${phone}`, customer.token, { webhook_configuration })
  },
  'POST /{Phone-Number-ID}/request_code': async (game) => {
    await game.control('POST', 'phones', { id: game.phone, verification: 'NOT_VERIFIED' })
    return onNumber('request_code', { code_method: 'SMS', language: 'en_US' })(game)
  },
  'POST /{Phone-Number-ID}/verify_code': async (game) => {
    await writes['POST /{Phone-Number-ID}/request_code']?.(game)
    const numbers = game.sim.state().accounts.flatMap((account) => account.phoneNumbers)
    const code = numbers.find(({ id }) => id === game.phone)?.code
    return onNumber('verify_code', { code })(game)
  },
  'POST /{Phone-Number-ID}/register': onNumber('register', { messaging_product: 'whatsapp', pin: '123456' }),
  'POST /{Phone-Number-ID}/deregister': onNumber('deregister', {}),
  'any refusal': ({ ask, offered, system }) => ask('POST', `/${offered}/accept`, system(social)),
}
