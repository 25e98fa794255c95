import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Play, luckyShrub, type Customer, type Json } from '../writes/support/play.ts'

const fields = 'kind source valid endsAt lastTriedAt permissions reason'
const whatsApp = ['whatsapp_business_management', 'whatsapp_business_messaging']

describe('the health of the token that opens an account', () => {
  let play: Play
  beforeEach(async () => {
    play = await Play.begin()
  })
  afterEach(() => play.close())

  const health = async ({ waba_id: id }: { readonly waba_id: string }): Promise<Json> => {
    const globalId = Buffer.from(`ClientWaba:${id}@${luckyShrub}`).toString('base64url')
    const query = `query ($id: ID!) { clientWaba(id: $id) { tokenHealth { ${fields} } } }`
    const answer = await play.ask(query, { id: globalId })
    return (answer['clientWaba'] as { tokenHealth: Json }).tokenHealth
  }
  const tokenOf = ({ business_id: businessId }: Customer): string =>
    play.sim
      .state()
      .tokens.find(
        (row) => row.kind === 'business' && row.appId === luckyShrub && row.businessId === businessId,
      )?.token ?? ''
  const asked = async (route: string): Promise<number> => {
    const { byRoute } = await play.control.requests()
    return (byRoute[`GET ${route}`] ?? 0) + (byRoute[`batch GET ${route}`] ?? 0)
  }

  it('says where it came from, that Graph calls it valid and what it may, and never the token', async () => {
    const customer = await play.customer(await play.solution('Wind & Wool'))
    const told = await health(customer)
    expect(told).toMatchObject({
      kind: 'BUSINESS',
      source: 'SOLUTION',
      valid: true,
      endsAt: null,
      reason: null,
    })
    expect(told['permissions']).toEqual(expect.arrayContaining(whatsApp))
    expect(Date.parse(String(told['lastTriedAt']))).toBeLessThanOrEqual(Date.now())
    expect(tokenOf(customer)).not.toBe('')
    expect(play.answers.join()).not.toContain(tokenOf(customer))
  })

  it('says of one that came for a code that it did', async () => {
    const customer = await play.control.play<Customer>('onboard', { app_id: luckyShrub })
    await play.mutate('completeEmbeddedSignup', {
      appId: luckyShrub,
      code: customer.code,
      wabaId: customer.waba_id,
    })
    expect(await health(customer)).toMatchObject({ kind: 'BUSINESS', source: 'CODE', valid: true })
  })

  it('says why one is not valid, and when it ended', async () => {
    const customer = await play.customer(await play.solution('Wind & Wool'))
    await health(customer)
    await play.control.play('tokens', { token: tokenOf(customer), expire: true })
    expect(await health(customer)).toMatchObject({ valid: true })
    play.aheadMs = 60_000
    expect(await health(customer)).toMatchObject({
      kind: 'BUSINESS',
      valid: false,
      endsAt: expect.stringMatching(/^\d{4}-/) as string,
      reason: 'Graph calls it invalid: code 190, subcode 463.',
    })
  })

  it('says that no token of the customer can be had', async () => {
    const customer = await play.customer(await play.solution('Wind & Wool'))
    await play.control.faults(
      { path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 },
      { path: '/access_token', kind: 'error', code: 200, status: 403 },
    )
    expect(await health(customer)).toMatchObject({
      kind: 'BUSINESS',
      source: null,
      valid: false,
      lastTriedAt: null,
      permissions: null,
      reason: expect.stringContaining('cannot be had') as string,
    })
  })

  it('is of the system token where that one opens the account', async () => {
    const requested = await play.control.play<Customer>('install', { app_id: luckyShrub })
    await play.control.faults({ path: 'system_user_access_tokens', kind: 'error', code: 200, status: 403 })
    expect(await health(requested)).toMatchObject({ kind: 'SYSTEM', source: 'CONFIGURATION', valid: true })
  })

  it('is not known when Graph tells nothing of tokens, and that is no error', async () => {
    const customer = await play.customer(await play.solution('Wind & Wool'))
    await play.control.faults({ path: 'debug_token', kind: 'error', code: 200, status: 403 })
    expect(await health(customer)).toMatchObject({ source: 'SOLUTION', valid: null, permissions: null })
  })

  it('is an error at its place while Graph is down', async () => {
    const customer = await play.customer(await play.solution('Wind & Wool'))
    await play.control.faults({ path: 'debug_token', kind: 'error', code: 2 })
    await expect(health(customer)).rejects.toThrow('UPSTREAM_UNAVAILABLE')
  })

  it('costs one call for each account in one batch, and none where nobody asks for it', async () => {
    const solutionId = await play.solution('Wind & Wool')
    for (let count = 0; count < 5; count++) await play.customer(solutionId)
    const list = (selection: string) =>
      `{ app(id: "${luckyShrub}") { clientWabas(first: 10) { edges { node { wabaId ${selection} } } } } }`
    await play.ask(list('name'))
    expect(await asked('/debug_token')).toBe(0)
    await play.ask(list('ownerBusiness { name }'))
    await play.control.forgetRequests()
    await play.ask(list('tokenHealth { valid }'))
    const { total, byRoute } = await play.control.requests()
    expect([byRoute['batch GET /debug_token'], total]).toEqual([5, 2])
  })
})
