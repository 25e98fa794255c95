import { describe, expect, it } from 'vitest'

import { type Play, codeOf, createSolution, lucky, play, social } from './support/world.ts'

const fields = 'status,status_for_pending_request,partners{status}'

async function stateOf({ ask, system }: Play, id: string): Promise<unknown[]> {
  const { body } = await ask('GET', `/${id}?fields=${fields}`, system(social))
  const partners = body.partners as unknown as { data: { status: string }[] }
  return [body.status, body.status_for_pending_request, partners.data[0]?.status]
}

type Step = readonly [app: string, call: string]
const owner = (call: string): Step => [social, call]
const partner = (call: string): Step => [lucky, call]

/** How to get from a new solution into each state. */
const roads: Record<string, readonly Step[]> = {
  INITIATED: [],
  ACTIVE: [partner('accept')],
  PENDING_DEACTIVATION: [partner('accept'), owner('send_deactivation_request')],
  REJECTED: [partner('reject')],
  DEACTIVATED: [
    partner('accept'),
    owner('send_deactivation_request'),
    partner('accept_deactivation_request'),
  ],
}
const calls = [
  'accept',
  'reject',
  'send_deactivation_request',
  'accept_deactivation_request',
  'reject_deactivation_request',
]
const allowed: Record<string, unknown[]> = {
  'INITIATED partner accept': ['ACTIVE', 'NONE', 'ACCEPTED'],
  'INITIATED partner reject': ['REJECTED', 'NONE', 'REJECTED'],
  'ACTIVE owner send_deactivation_request': ['ACTIVE', 'PENDING_DEACTIVATION', 'ACCEPTED'],
  'PENDING_DEACTIVATION partner accept_deactivation_request': ['DEACTIVATED', 'NONE', 'DEACTIVATED'],
  'PENDING_DEACTIVATION partner reject_deactivation_request': ['ACTIVE', 'NONE', 'ACCEPTED'],
}
/** The calls that a side can never make: refused for the role before the state is looked at. */
const neverOwner = new Set(['accept', 'reject', 'accept_deactivation_request', 'reject_deactivation_request'])
const neverPartner = new Set(['send_deactivation_request'])

async function arrive(game: Play, state: string): Promise<string> {
  const id = await createSolution(game)
  for (const [app, call] of roads[state] ?? []) {
    const reply = await game.ask('POST', `/${id}/${call}`, game.system(app))
    expect(reply.body).toEqual({ success: true })
  }
  return id
}

describe('the life of a solution', () => {
  it('begins INITIATED, with activation pending and the partner notified', async () => {
    const game = await play()
    const id = await createSolution(game)
    expect(await stateOf(game, id)).toEqual(['INITIATED', 'PENDING_ACTIVATION', 'NOTIFICATION_SENT'])
  })

  it.each(Object.keys(roads))(
    'takes from %s only the steps of the table, and says why not',
    async (state) => {
      const game = await play()
      for (const [side, app] of [['owner', social] as const, ['partner', lucky] as const]) {
        for (const call of calls) {
          const id = await arrive(game, state)
          const before = await stateOf(game, id)
          const reply = await game.ask('POST', `/${id}/${call}`, game.system(app))
          const outcome = allowed[`${state} ${side} ${call}`]
          const wrongRole = (side === 'owner' ? neverOwner : neverPartner).has(call)
          const refusal = [wrongRole ? 200 : 100, 'string', 'string', 400]
          const { code, error_user_title, error_user_msg } = reply.body.error ?? {}
          const told = [code, typeof error_user_title, typeof error_user_msg, reply.status]
          expect({ side, call, told, state: await stateOf(game, id) }).toEqual({
            side,
            call,
            told: outcome === undefined ? refusal : [undefined, 'undefined', 'undefined', 200],
            state: outcome ?? before,
          })
        }
      }
    },
  )

  it('cannot be steered by an app that takes no part, which does not even see it', async () => {
    const game = await play({ solutions: 1, partnersPerSolution: 2 })
    const stranger = game.sim.state().apps.find((app) => app.appId !== lucky && app.appId !== social)
    const id = await createSolution(game)
    for (const call of calls) {
      const reply = await game.ask('POST', `/${id}/${call}`, stranger?.systemToken)
      expect(reply.body.error).toMatchObject({ code: 100, error_subcode: 33 })
    }
  })

  it('gives the other documented replies on request', async () => {
    const game = await play({ replyShapes: 'reference' })
    const id = await createSolution(game)
    const post = async (app: string, call: string) =>
      (await game.ask('POST', `/${id}/${call}`, game.system(app))).body
    expect(await post(lucky, 'accept')).toMatchObject({
      solution_id: id,
      partner_status: 'ACCEPTED',
      success: true,
    })
    expect(await post(social, 'send_deactivation_request')).toMatchObject({ request_id: expect.any(String) })
    expect(await post(lucky, 'reject_deactivation_request?fields=status')).toEqual({ status: 'ACTIVE', id })
    await post(social, 'send_deactivation_request')
    expect(await post(lucky, 'accept_deactivation_request')).toEqual({
      name: 'Social Overdrive with Lucky Shrub',
      status: 'DEACTIVATED',
      status_for_pending_request: 'NONE',
      id,
    })
  })
})

describe('creating a solution', () => {
  const create = (game: Play, body: unknown, token?: string) =>
    game.ask('POST', `/v26.0/${social}/whatsapp_business_solution`, token ?? game.system(social), body)
  const good = {
    solution_name: 'A name',
    partner_app_id: lucky,
    owner_permissions: ['MESSAGING'],
    partner_permissions: [] as string[],
  }

  it.each([
    ['a name of one character', { solution_name: 'A' }],
    ['a name of 76 characters', { solution_name: 'A'.repeat(76) }],
    ['no name', { solution_name: undefined }],
    ['an app that does not exist', { partner_app_id: '1234567890' }],
    ['itself as partner', { partner_app_id: social }],
    ['a partner that is no id', { partner_app_id: '1/accept' }],
    ['MESSAGING on both sides', { partner_permissions: ['MESSAGING'] }],
    ['MESSAGING on neither side', { owner_permissions: [] }],
    ['a permission that is not known', { partner_permissions: ['FLY'] }],
    ['permissions that are no list', { partner_permissions: 'MESSAGING' }],
    ['no permissions', { partner_permissions: undefined }],
  ])('refuses %s with code 100 and makes nothing', async (_what, wrong) => {
    const game = await play()
    expect(codeOf(await create(game, { ...good, ...wrong }))).toBe(100)
    expect(game.sim.state().solutions).toEqual([])
  })

  it('gives both sides the usual tasks, and MESSAGING to the one chosen', async () => {
    const game = await play()
    const id = await createSolution(game, { owner_permissions: [], partner_permissions: ['MESSAGING'] })
    const path = `/${id}?fields=owner_permissions,partners{partner_permissions}`
    const { body } = await game.ask('GET', path, game.system(lucky))
    expect(body.owner_permissions).not.toContain('MESSAGING')
    expect(body.owner_permissions).toContain('VIEW_INSIGHTS')
    expect(body.partners).toMatchObject({
      data: [{ partner_permissions: expect.arrayContaining(['MESSAGING', 'MANAGE']) }],
    })
  })

  it('makes a second one of the same name: Meta deduplicates nothing', async () => {
    const game = await play()
    expect(await createSolution(game)).not.toBe(await createSolution(game))
  })

  it('takes the token of the app in the path, of the system or user kind', async () => {
    const game = await play()
    const user = game.sim.state().tokens.find((token) => token.kind === 'user' && token.appId === social)
    expect((await create(game, good, user?.token)).status).toBe(200)
    expect(codeOf(await create(game, good, game.system(lucky)))).toBe(200)
    expect(codeOf(await create(game, good, game.appToken(social)))).toBe(200)
  })
})
