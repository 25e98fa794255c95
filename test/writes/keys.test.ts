import { describe, expect, it, onTestFinished } from 'vitest'
import { fieldsOf } from '../inputs/support/bad-values.ts'
import { fineInputs } from '../inputs/support/fine.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { mutations } from './support/mutation-text.ts'
import { luckyShrub, Play, type Json, type PlayOptions } from './support/play.ts'
import { verbs, withoutGraph } from './support/verbs.ts'
import { nameOf, type Verb } from './support/verbs/verb.ts'

const key = { idempotencyKey: 'one key' }
const payload = { __typename: expect.stringMatching(/Payload$/) as unknown }
const conflict = { __typename: 'GatewayProblem', code: 'CONFLICT' }
const each = verbs.map((verb) => [nameOf(verb), verb] as const)

async function begin({ wired }: Verb, options: PlayOptions = {}): Promise<Play> {
  const play = await Play.begin({ ...options, ...(wired && { wired }) })
  onTestFinished(() => play.close())
  return play
}

/** How often Graph has done each of a verb's writes. */
async function sent(play: Play, { routes }: Verb): Promise<readonly number[]> {
  const writes = await play.writes()
  return routes.map(({ name }) => writes[name] ?? 0)
}

/** What is another request and may be sent by itself. */
async function another(play: Play, verb: Verb, given: Json): Promise<Json> {
  // These make something of the name that is given.
  if (verb.field.startsWith('createSolution')) return { ...given, name: 'Another' }
  return (await verb.prepare(play))(0)
}

describe('an idempotency key', () => {
  it('is taken by every mutation', () => {
    const without = Object.keys(mutations).filter((field) => !('idempotencyKey' in fieldsOf(field)))
    expect(without).toEqual([])
  })

  it.each(each)(
    'gives the first outcome, at whichever instance, and refuses another input: %s',
    async (_, verb) => {
      const play = await begin(verb, { databaseUrl: await emptyDatabase() })
      await play.addGateway()
      const input = await verb.prepare(play)
      const ask = async (instance: number) =>
        play.mutate(verb.field, { ...(await input(instance)), ...key }, instance)
      await play.control.forgetRequests()
      const first = await ask(0)
      expect(first).toMatchObject(payload)
      const once = verb.routes.map(() => 1)
      expect(await sent(play, verb)).toEqual(once)
      expect(await ask(0)).toEqual(first)
      expect(await ask(1)).toEqual(first)
      expect(await sent(play, verb)).toEqual(once)

      const other = await another(play, verb, await input(0))
      await play.control.forgetRequests()
      expect(await play.mutate(verb.field, { ...other, ...key })).toMatchObject(conflict)
      expect(await sent(play, verb)).toEqual(verb.routes.map(() => 0))
    },
  )

  it.each(each.filter(([, { key: kind }]) => kind !== 'derived'))(
    'gives the first outcome after a restart: %s',
    async (_, verb) => {
      const play = await begin(verb)
      const input = await verb.prepare(play)
      const ask = async () => play.mutate(verb.field, { ...(await input(0)), ...key })
      const first = await ask()
      await play.closeGateways()
      await play.addGateway()
      await play.control.forgetRequests()
      expect(await ask()).toEqual(first)
      expect(await play.writes()).toEqual({})
    },
  )

  it.each(each.filter(([, { routes }]) => routes.length === 1))(
    'gives a refusal of Graph again without asking it: %s',
    async (_, verb) => {
      const play = await begin(verb)
      const input = await verb.prepare(play)
      const ask = async () => play.mutate(verb.field, { ...(await input(0)), ...key })
      const [{ method, path, name }] = verb.routes
      await play.control.faults({ method, path, kind: 'error', status: 400, code: 100, times: 1 })
      const first = await ask()
      expect(first).toMatchObject({ code: 'UPSTREAM_REFUSED' })
      await play.control.forgetRequests()
      expect(await ask()).toEqual(first)
      expect((await play.control.requests()).byRoute[name]).toBeUndefined()
    },
  )

  it.each([
    ['registerPhoneNumber', { pin: '314159' }],
    ['verifyPhoneNumberCode', { code: '000000' }],
    ['setWabaWebhookOverride', { verifyToken: 'another-token-of-the-callback' }],
    ['onboardClientWaba', { pin: '314159' }],
    ['createSolutionsForTechProvider', { userAccessToken: 'another-token-of-the-person' }],
  ])('is the same with another secret, of which nothing is stored: %s', async (field, secret) => {
    const verb = verbs.find((one) => one.field === field)
    if (!verb) throw new Error(`There is no verb ${field}`)
    const play = await begin(verb)
    const input = { ...(await (await verb.prepare(play))(0)), ...key }
    const first = await play.mutate(field, input)
    await play.control.forgetRequests()
    expect(await play.mutate(field, { ...input, ...secret })).toEqual(first)
    expect(await sent(play, verb)).toEqual(verb.routes.map(() => 0))
  })

  const composites = each.filter(([, { field }]) =>
    ['onboardClientWaba', 'createSolutionsForTechProvider'].includes(field),
  )

  it.each(composites)('goes on with what a first call did not come to do: %s', async (_, verb) => {
    const play = await begin(verb)
    const input = { ...(await (await verb.prepare(play))(0)), ...key }
    const { method, path } = verb.routes.at(-1) as Verb['routes'][0]
    await play.control.faults({ method, path, kind: 'error', status: 400, code: 100, times: 1 })
    expect(JSON.stringify(await play.mutate(verb.field, input))).toContain('UPSTREAM_REFUSED')
    const second = await play.mutate(verb.field, input)
    expect(second).toMatchObject(payload)
    expect(JSON.stringify(second)).not.toContain('code')
    expect(await sent(play, verb)).toEqual(verb.routes.map(() => 1))
  })

  it('goes on with what could not be done yet when it was first asked for: onboardClientWaba', async () => {
    const verb = verbs.find(({ field }) => field === 'onboardClientWaba')
    if (!verb) throw new Error('There is no such verb')
    const play = await begin(verb)
    const { currency: _, ...input } = await (await verb.prepare(play))(0)
    await play.mutate('subscribeAppToWaba', { wabaId: input['wabaId'], appId: input['appId'] })
    const refused = { kind: 'error', code: 200, status: 403 }
    await play.control.faults(
      { path: 'access_token', ...refused },
      { path: 'system_user_access_tokens', ...refused },
    )
    await play.closeGateways()
    await play.addGateway()
    const onboard = () => play.mutate(verb.field, { ...input, ...key })
    expect(await onboard()).toMatchObject({ attempts: [] })
    await play.control.faults()
    await play.closeGateways()
    await play.addGateway()
    expect(await onboard()).toMatchObject({ attempts: [{ kind: 'PHONE_NUMBER_REGISTERED', problem: null }] })
  })

  it.each(composites)('is waited for by another instance that is asked at once: %s', async (_, verb) => {
    const play = await begin(verb, { databaseUrl: await emptyDatabase() })
    await play.addGateway()
    const input = { ...(await (await verb.prepare(play))(0)), ...key }
    const { method, path } = verb.routes[0]
    await play.control.faults({ method, path, kind: 'latency', ms: 300 })
    const both = await Promise.all([play.mutate(verb.field, input, 0), play.mutate(verb.field, input, 1)])
    expect(both[0]).toMatchObject(payload)
    expect(both[1]).toEqual(both[0])
    expect(await sent(play, verb)).toEqual(verb.routes.map(() => 1))
  })

  it('is kept of what was there already too, so that a second call does not undo what came between', async () => {
    const verb = verbs.find(({ field }) => field === 'subscribeAppToWaba')
    if (!verb) throw new Error('There is no such verb')
    const play = await begin(verb)
    const input = await (await verb.prepare(play))(0)
    await play.mutate(verb.field, input)
    expect(await play.mutate(verb.field, { ...input, ...key })).toMatchObject(payload)
    await play.mutate('unsubscribeAppFromWaba', input)
    await play.control.forgetRequests()
    expect(await play.mutate(verb.field, { ...input, ...key })).toMatchObject(payload)
    expect(await sent(play, verb)).toEqual([0])
  })

  it.each(withoutGraph)('gives the first outcome and refuses another input: %s', async (field) => {
    const play = await Play.begin()
    onTestFinished(() => play.close())
    // Two pieces that nobody can read are two dead letters.
    await play.control.webhook(luckyShrub, { object: 'whatsapp_business_account', entry: ['one', 'two'] })
    const input = { ...fineInputs[field], ...key }
    const first = await play.mutate(field, input)
    expect(first).toMatchObject(payload)
    expect(await play.mutate(field, input)).toEqual(first)
    const message = { type: 'WA_EMBEDDED_SIGNUP', event: 'CANCEL', data: { current_step: 'OTHER' } }
    const other = field === 'reportSignupSession' ? { message } : { deadLetterId: '2' }
    expect(await play.mutate(field, { ...input, ...other })).toMatchObject(conflict)
  })
})
