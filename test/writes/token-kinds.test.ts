import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { luckyShrub, Play } from './support/play.ts'
import { kindOf, shapeOf, type Kind } from './support/token-kinds.ts'
import { verbs } from './support/verbs.ts'
import { nameOf, type Verb } from './support/verbs/verb.ts'

/** Whose token Meta's documents ask for; the pages stand beside the routes in src/simulator/LIMITS.md. */
const writes: Readonly<Record<string, Kind>> = {
  'POST /{app}/whatsapp_business_solution': 'system',
  'POST /{solution}/accept': 'system',
  'POST /{solution}/reject': 'system',
  'POST /{solution}/send_deactivation_request': 'system',
  'POST /{solution}/accept_deactivation_request': 'system',
  'POST /{solution}/reject_deactivation_request': 'system',
  'POST /{waba}/subscribed_apps': 'business',
  'DELETE /{waba}/subscribed_apps': 'business',
  'POST /{waba}/assigned_users': 'system',
  'DELETE /{waba}/assigned_users': 'system',
  'POST /{waba}/set_solution_migration_intent': 'business',
  'POST /{waba}/phone_numbers': 'business',
  'POST /{phone}/request_code': 'business',
  'POST /{phone}/verify_code': 'business',
  'POST /{phone}/register': 'business',
  'POST /{phone}/deregister': 'business',
  'POST /{phone}/smb_app_data': 'business',
  'POST /{creditLine}/whatsapp_credit_sharing_and_attach': 'system',
  'POST /{creditLine}/whatsapp_credit_sharing': 'system',
  'POST /{creditLine}/whatsapp_credit_attach': 'business',
  'DELETE /{allocation}': 'system',
  'POST /{business}/self_certify_whatsapp_business': 'system',
  'GET /oauth/access_token': 'none',
}
/** Embedded creation is done by the person who picked the apps. */
const writeOf = ({ field }: Verb, shape: string): Kind | undefined =>
  field === 'createSolutionsForTechProvider' && shape.endsWith('/whatsapp_business_solution')
    ? 'user'
    : writes[shape]

const reads: Readonly<Record<string, Kind>> = {
  'GET /{app}': 'system',
  'GET /{app}/whatsapp_business_solutions': 'system',
  'GET /{solution}': 'system',
  'GET /{solution}/partners': 'system',
  'GET /{solution}/access_token': 'system',
  'POST /{business}/system_user_access_tokens': 'system',
  'GET /debug_token': 'system',
  'GET /me/application_details': 'user',
  'GET /{waba}': 'system',
  'GET /{waba} owner_business_info': 'business',
  'GET /{waba} primary_funding_id': 'business',
  'GET /{waba}/assigned_users': 'system',
  'GET /{waba}/subscribed_apps': 'system',
  'GET /{waba}/phone_numbers': 'system',
  'GET /{waba}/solutions': 'system',
  'GET /{phone}': 'system',
  'GET /{business} verification_status': 'business',
  'GET /{business}': 'system',
  'GET /{business}/client_whatsapp_business_accounts': 'system',
  'GET /{business}/system_users': 'system',
  'GET /{business}/extendedcredits': 'system',
  'GET /{business}/self_certified_whatsapp_business_submissions': 'system',
  'GET /{creditLine}': 'system',
  'GET /{creditLine}/owning_credit_allocation_configs': 'system',
  'GET /{allocation}': 'system',
  'GET /{intent}': 'business',
}

/** Whether the token of a signup opens the account is found by reading the account with it. */
const readOf = ({ field }: Verb, shape: string): Kind | undefined =>
  field === 'completeEmbeddedSignup' && shape === 'GET /{waba}' ? 'business' : reads[shape]

const isRead = (method: string, shape: string): boolean =>
  (method === 'GET' || shape.endsWith('system_user_access_tokens')) && shape !== 'GET /oauth/access_token'

interface Sent {
  readonly shape: string
  readonly kind: Kind
  readonly isRead: boolean
}

function sentBy(play: Play): readonly Sent[] {
  const state = play.sim.state()
  return (play.wire?.calls ?? []).map((call) => {
    const shape = shapeOf(call, state)
    return { shape, kind: kindOf(call, state), isRead: isRead(call.method, shape) }
  })
}

describe('the token of a write', () => {
  it.each(verbs.map((verb) => [nameOf(verb), verb] as const))(
    'is the one that Meta asks for: %s',
    async (_, verb) => {
      const play = await Play.begin({ wired: true })
      try {
        const input = await verb.prepare(play)
        play.wire?.calls.splice(0)
        expect(await play.mutate(verb.field, await input(0))).toHaveProperty(
          '__typename',
          expect.stringMatching(/Payload$/),
        )
        const sent = sentBy(play)
        const written = sent.filter((one) => !one.isRead)
        expect(written.map(({ shape }) => shape)).toEqual(verb.routes.map(({ name }) => name))
        for (const { shape, kind } of written) expect([shape, kind]).toEqual([shape, writeOf(verb, shape)])
        for (const { shape, kind } of sent.filter((one) => one.isRead))
          expect([shape, kind]).toEqual([shape, readOf(verb, shape)])
      } finally {
        await play.close()
      }
    },
  )
})

describe('the token of a read', () => {
  let play: Play
  let wabaId: string
  beforeAll(async () => {
    play = await Play.begin({ wired: true })
    wabaId = (await play.customer(await play.solution('Together'))).waba_id
    const input = { wabaId, appId: luckyShrub, currency: 'USD', addSystemUser: true }
    await play.mutate('shareCreditLine', input)
  })
  afterAll(() => play.close())

  const account = 'wabaId name'
  it.each([
    [
      'solutions',
      `{ apps { name solutions { edges { node { name partners { edges { node { status } } } } } } } }`,
      ['GET /{app}/whatsapp_business_solutions'],
    ],
    [
      'accounts',
      `{ apps { clientWabas { edges { node { ${account} } } } } }`,
      ['GET /{business}/client_whatsapp_business_accounts'],
    ],
    [
      'numbers',
      `query ($w: ID!) { clientWaba(id: $w) { phoneNumbers { edges { node { displayPhoneNumber } } } } }`,
      ['GET /{waba}'],
    ],
    [
      'users',
      `query ($w: ID!) { clientWaba(id: $w) { assignedUsers { userId tasks } } }`,
      ['GET /{waba}/assigned_users'],
    ],
    [
      'the checklist',
      `query ($w: ID!) { clientWaba(id: $w) { onboarding { steps { kind state } } } }`,
      ['GET /{waba} primary_funding_id', 'GET /{waba}/subscribed_apps'],
    ],
    [
      'credit',
      `query ($w: ID!) { creditAllocation(wabaId: $w) { status creditLine { creditLineId } } }`,
      ['GET /{allocation}'],
    ],
    [
      'the owner',
      `query ($w: ID!) { clientWaba(id: $w) { ownerBusiness { name verificationStatus verificationSubmissions { status } } } }`,
      ['GET /{business} verification_status', 'GET /{business}/self_certified_whatsapp_business_submissions'],
    ],
  ] as const)('is the one that Meta asks for: %s', async (_, query, wanted) => {
    await play.closeGateways()
    await play.addGateway()
    play.wire?.calls.splice(0)
    await play.ask(query, query.includes('$w') ? { w: wabaId } : {})
    const sent = sentBy(play)
    for (const { shape, kind } of sent) expect([shape, kind]).toEqual([shape, reads[shape]])
    for (const shape of wanted) expect(sent.map((one) => one.shape)).toContain(shape)
  })
})
