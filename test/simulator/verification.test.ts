import { describe, expect, it } from 'vitest'

import { bothListen, valuesOf } from './support/callback.ts'
import { type Play, type Reply, codeOf, lucky, play, social } from './support/world.ts'

const partner = '506914307656634'
const pdf = (size = 100, name = 'registration.pdf') => ({ size, name, type: 'application/pdf' })

interface Document {
  readonly size: number
  readonly name: string
  readonly type: string
}

async function submit(
  game: Play,
  customer: string,
  documents: readonly Document[] = [pdf()],
  { token = game.system(lucky), business = partner, name = 'business_documents[]' } = {},
): Promise<Pick<Reply, 'status' | 'body'>> {
  const form = new FormData()
  form.set('end_business_id', customer)
  form.set('business_vertical', 'RETAIL')
  for (const { size, name: file, type } of documents) {
    form.append(name, new File([new Uint8Array(size)], file, { type }))
  }
  const url = `${game.sim.url}/v26.0/${business}/self_certify_whatsapp_business`
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  })
  return { status: response.status, body: (await response.json()) as Reply['body'] }
}

const onboarded = async (game: Play, app = lucky) => {
  const { body } = await game.control('POST', 'onboard', { app_id: app })
  const customer = String(body.business_id)
  return { customer, waba: String(body.waba_id), token: game.businessToken(app, customer) }
}

const listOf = async (game: Play, customer: string) => {
  const path = `/${partner}/self_certified_whatsapp_business_submissions?end_business_id=${customer}`
  return (await game.ask('GET', path, game.system(lucky))).body.data
}

describe('partner-led business verification', () => {
  it('is submitted, listed, decided and told of, and the customer is verified then', async () => {
    const game = await play()
    const { luckyHook } = await bothListen(game)
    const { customer, waba, token } = await onboarded(game)
    await game.ask('POST', `/${waba}/subscribed_apps`, token)
    const status = async () =>
      (await game.ask('GET', `/${customer}?fields=verification_status`, token)).body.verification_status
    expect(await status()).toBe('not_verified')
    expect((await submit(game, customer)).body).toEqual({
      success: true,
      message: 'Your request has been received and will be reviewed shortly.',
      verification_attempts: 1,
    })
    expect(await status()).toBe('pending')
    expect(await listOf(game, customer)).toEqual([
      {
        verification_status: 'PENDING',
        submitted_time: expect.stringMatching(/\+0000$/),
        update_time: expect.stringMatching(/\+0000$/),
        client_business_id: customer,
        submitted_info: { business_vertical: 'RETAIL' },
        id: expect.stringMatching(/^\d+$/),
      },
    ])
    await game.control('POST', 'verify', { business_id: customer, status: 'APPROVED' })
    await luckyHook.count(2)
    expect(luckyHook.deliveries[1]?.body.entry[0]?.id).toBe(waba)
    expect(valuesOf(luckyHook)[1]).toEqual({
      event: 'PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE',
      partner_client_certification_info: {
        client_business_id: customer,
        status: 'APPROVED',
        rejection_reasons: ['NONE'],
      },
    })
    expect(await status()).toBe('verified')
    const read = await game.ask('GET', `/${waba}?fields=business_verification_status`, token)
    expect(read.body.business_verification_status).toBe('verified')
  })

  it('has three attempts for a customer, and shows why each one failed, the newest first', async () => {
    const game = await play()
    const { customer } = await onboarded(game)
    const failed = { business_id: customer, status: 'FAILED' }
    for (const reason of ['LEGAL_NAME_NOT_MATCHING', 'ADDRESS_NOT_MATCHING', 'MALFORMED_DOCUMENTS']) {
      expect((await submit(game, customer)).status).toBe(200)
      await game.control('POST', 'verify', { ...failed, rejection_reasons: [reason] })
    }
    expect(codeOf((await submit(game, customer)) as Reply)).toBe(100)
    const rows = await listOf(game, customer)
    expect(rows?.map((row) => row.rejection_reasons)).toEqual([
      ['MALFORMED_DOCUMENTS'],
      ['ADDRESS_NOT_MATCHING'],
      ['LEGAL_NAME_NOT_MATCHING'],
    ])
  })

  it('refuses what is no document, too many and too large ones, and counts no attempt for it', async () => {
    const game = await play()
    const { customer } = await onboarded(game)
    const megabytes = 1024 * 1024
    const bad: readonly (readonly Document[])[] = [
      [],
      [pdf(), pdf(), pdf(), pdf()],
      [pdf(5 * megabytes + 1)],
      [pdf(6 * megabytes), pdf(6 * megabytes), pdf(6 * megabytes)],
      [{ size: 10, name: 'notes.txt', type: 'text/plain' }],
    ]
    for (const documents of bad) {
      expect(codeOf((await submit(game, customer, documents)) as Reply)).toBe(100)
    }
    const path = `/${partner}/self_certify_whatsapp_business`
    const words = { end_business_id: customer, business_documents: ['a file, they say'] }
    expect(codeOf(await game.ask('POST', path, game.system(lucky), words))).toBe(100)
    const full = [pdf(5 * megabytes), pdf(5 * megabytes), { size: 10, name: 'id.png', type: '' }]
    expect((await submit(game, customer, full)).body.verification_attempts).toBe(1)
  })

  it('takes large bodies on this one route', async () => {
    const game = await play()
    const body = { solution_name: 'a'.repeat(1_100_000) }
    const reply = await game.ask('POST', `/${lucky}/whatsapp_business_solution`, game.system(lucky), body)
    expect([codeOf(reply), reply.body.error?.message]).toEqual([100, expect.stringContaining('1 MB')])
  })

  it('is for Solution Partners, their admins, and the customers that they onboarded', async () => {
    const game = await play()
    const [mine, theirs] = [await onboarded(game), await onboarded(game, social)]
    const code = async (customer: string, more: object = {}) =>
      codeOf((await submit(game, customer, [pdf()], more)) as Reply)
    expect(await code(theirs.customer)).toBe(100)
    expect(await code('1')).toBe(100)
    const asked = await game.control('POST', 'install', {})
    expect(await code(String(asked.body.business_id))).toBe(100)
    expect(await code(mine.customer, { token: mine.token, business: mine.customer })).toBe(200)
    const tech = { token: game.system(social), business: '520744086200222' }
    expect(await code(theirs.customer, tech)).toBe(10)
    const scopes = ['whatsapp_business_management']
    await game.control('POST', 'tokens', { token: game.system(lucky), scopes })
    expect(await code(mine.customer)).toBe(200)
    await game.control('POST', 'tokens', { token: game.system(lucky), scopes: ['business_management'] })
    await game.control('POST', 'role', { app_id: lucky, role: 'EMPLOYEE' })
    expect(await code(mine.customer)).toBe(200)
    await game.control('POST', 'role', { app_id: lucky, role: 'ADMIN' })
    expect((await submit(game, mine.customer)).status).toBe(200)
  })

  it('tells nobody who is not subscribed to an account of the customer', async () => {
    const game = await play()
    await bothListen(game)
    const { customer } = await onboarded(game)
    const decide = (more: object = {}) =>
      game.control('POST', 'verify', { business_id: customer, status: 'APPROVED', ...more })
    expect((await decide()).status).toBe(409)
    await submit(game, customer)
    expect((await decide({ rejection_reasons: ['WEBSITE_NOT_MATCHING'] })).status).toBe(400)
    expect((await decide()).body.webhooks).toEqual([])
  })
})
