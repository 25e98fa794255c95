import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/events/log.ts'
import { bodyOf, luckyShrub, post, receivedAt, sign, startGateway, update } from './gateway.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../fixtures/webhooks/${name}.json`, import.meta.url), 'utf8')
const deleted = bodyOf([update('ACCOUNT_DELETED')])

describe('a signed post', () => {
  it('is stored as one event with all that the log needs, and answered 200', async () => {
    await using gateway = await startGateway()
    const response = await post(gateway.url, read('partner-added.solution'))
    expect([response.status, await response.text()]).toEqual([200, 'received\n'])
    const [event] = gateway.stored.values()
    expect({ ...event, payload: JSON.parse(event?.payload ?? '') as unknown }).toEqual({
      appId: '21202248997039',
      kind: 'CLIENT_WABA_ONBOARDED',
      source: 'WEBHOOK',
      dedupeKey: expect.stringMatching(/^\d{12,}-[\w-]{43}$/) as string,
      occurredAt: 1744823932000,
      receivedAt,
      field: 'account_update',
      event: 'PARTNER_ADDED',
      solutionId: '1715120619246906',
      wabaId: '980198427658004',
      ownerBusinessId: '2329417887457253',
      reportedStatus: null,
      payload: {
        event: 'PARTNER_ADDED',
        waba_info: {
          waba_id: '980198427658004',
          owner_business_id: '2329417887457253',
          solution_id: '1715120619246906',
          solution_partner_business_ids: ['2949482758682047', '520744086200222'],
        },
      },
    })
  })

  it('is stored with one append, and counted by field with its size', async () => {
    await using gateway = await startGateway()
    expect((await post(gateway.url, read('batch'))).status).toBe(200)
    expect(gateway.appends.map((events) => events.map(({ field }) => field))).toEqual([
      [
        'account_update',
        'account_update',
        'partner_solutions',
        'account_review_update',
        'a_field_meta_has_not_published',
      ],
    ])
    expect(Object.fromEntries(gateway.counts)).toEqual({ received: 1, stored: 5, 'unknown field': 1 })
    const sizes = [...gateway.came].map(([field, { changes, bytes }]) => [field, changes, bytes > 0])
    expect(sizes).toEqual([
      ['account_update', 2, true],
      ['partner_solutions', 1, true],
      ['account_review_update', 1, true],
      ['other', 1, true],
    ])
    expect(gateway.came.get('other')).toEqual({ changes: 1, bytes: '{"anything":true}'.length })
  })

  it('with fields that are only counted is stored without them', async () => {
    await using gateway = await startGateway()
    const body = bodyOf([{ field: 'calls', value: { calls: [] } }, update('ACCOUNT_DELETED')])
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(gateway.appends.map((events) => events.map(({ field }) => field))).toEqual([['account_update']])
    expect(Object.fromEntries(gateway.counts)).toEqual({ received: 1, stored: 1, 'ignored calls': 1 })
  })

  it('of messages reaches neither store nor log', async () => {
    await using gateway = await startGateway()
    expect((await post(gateway.url, read('counted.messages'))).status).toBe(200)
    expect(gateway.appends).toEqual([])
    expect(gateway.logs).toEqual([])
    expect(gateway.counts.get('ignored messages')).toBe(1)
  })

  it.each(['unknown-object', 'unknown-field', 'unknown-event.partner'])('of an %s is kept', async (name) => {
    await using gateway = await startGateway()
    expect((await post(gateway.url, read(name))).status).toBe(200)
    expect([...gateway.stored.values()].map(({ kind }) => kind)).toEqual(['OTHER'])
    expect(gateway.counts.get(`unknown ${/object|field|event/.exec(name)?.[0]}`)).toBe(1)
  })

  it('of the test button is kept, about nobody', async () => {
    await using gateway = await startGateway()
    await post(gateway.url, read('dashboard-test.verified-account'))
    expect([...gateway.stored.values()]).toMatchObject([
      { kind: 'OTHER', wabaId: null, event: 'VERIFIED_ACCOUNT' },
    ])
  })

  it('keeps every digit of numbers, also when the payload is read by plain JSON.parse', async () => {
    await using gateway = await startGateway()
    const body = deleted.replace('"event"', '"solution_id":12345678901234567890,"event"')
    await post(gateway.url, body)
    const [event] = gateway.stored.values()
    const value = { solution_id: '12345678901234567890', event: 'ACCOUNT_DELETED' }
    expect(JSON.parse(event?.payload ?? '')).toEqual(value)
  })

  it('is dated by its arrival when it has no time of its own', async () => {
    await using gateway = await startGateway()
    await post(gateway.url, deleted.replace('"time":1743451903,', ''))
    expect([...gateway.stored.values()].map(({ occurredAt }) => occurredAt)).toEqual([receivedAt])
  })

  it.each(['', 'not json', '[]', '{"object":"whatsapp_business_account"}', '{"entry":[null]}', '\u0000'])(
    'of %j is told of as a malformed piece, by its reason and its size',
    async (body) => {
      await using gateway = await startGateway()
      expect((await post(gateway.url, body)).status).toBe(200)
      const [event] = gateway.stored.values()
      expect(event).toMatchObject({ kind: 'OTHER', field: '$malformed', event: null })
      const size = body.includes('null') ? 'null'.length : body.length
      const [letter] = gateway.letters
      expect(JSON.parse(event?.payload ?? '')).toEqual({ reason: letter?.reason, size })
      expect(letter).toMatchObject({ size, raw: Buffer.of() })
    },
  )

  it('with a broken character keeps the change and its neighbour', async () => {
    await using gateway = await startGateway()
    const text = bodyOf([
      update('ACCOUNT_VIOLATION', { violation_info: { remediation: '\u00fc' } }),
      update('ACCOUNT_DELETED'),
    ])
    const bytes = Buffer.from(text, 'latin1')
    expect((await post(gateway.url, bytes)).status).toBe(200)
    expect([...gateway.stored.values()].map(({ event }) => event)).toEqual([
      'ACCOUNT_VIOLATION',
      'ACCOUNT_DELETED',
    ])
  })

  it('keeps 999 of 1,000 changes and notes the bad one', async () => {
    await using gateway = await startGateway()
    const changes: unknown[] = Array.from({ length: 1000 }, (_, n) => update('PARTNER_ADDED', { n }))
    changes[500] = 'bad'
    expect((await post(gateway.url, bodyOf(changes))).status).toBe(200)
    expect(gateway.stored.size).toBe(1000)
    expect([...gateway.stored.values()].filter(({ field }) => field === '$malformed')).toHaveLength(1)
    expect(gateway.counts.get('malformed change is not an object')).toBe(1)
  })

  it('sent 64 times at once is stored once', async () => {
    await using gateway = await startGateway()
    const answers = await Promise.all(Array.from({ length: 64 }, () => post(gateway.url, deleted)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(gateway.stored.size).toBe(1)
    expect([gateway.counts.get('stored'), gateway.counts.get('duplicate')]).toEqual([1, 63])
  })

  it('in another order of keys, or batched otherwise, is the same event', async () => {
    await using gateway = await startGateway()
    const other = '{"entry":[{"changes":[{"value":{"event":"ACCOUNT_DELETED"},"field":"account_update"}],'
    await post(gateway.url, deleted)
    await post(
      gateway.url,
      `${other}"time":"1743451903","id":"102290129340398"}],"object":"whatsapp_business_account"}`,
    )
    await post(gateway.url, bodyOf([update('ACCOUNT_VIOLATION'), update('ACCOUNT_DELETED')]))
    expect(gateway.stored.size).toBe(2)
  })
})

describe('a store that cannot take events', () => {
  it('is answered with 503, and the repeat is stored when it can again', async () => {
    let isDown = true
    const append = async (events: readonly object[]) => {
      if (isDown) throw new StoreUnavailable('database is locked\n{"level":"fatal"}')
      return { stored: events.length, duplicates: 0 }
    }
    await using gateway = await startGateway({ append })
    const refused = await post(gateway.url, deleted)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await refused.text()).not.toContain('locked')
    expect(gateway.counts.get('unavailable')).toBe(1)
    expect(gateway.logs.join('')).toContain('database is locked\\\\u{a}')
    isDown = false
    expect((await post(gateway.url, deleted)).status).toBe(200)
  })

  it('does not matter to a post with nothing to store', async () => {
    const append = () => Promise.reject(new Error('down'))
    await using gateway = await startGateway({ append })
    expect((await post(gateway.url, read('counted.messages'))).status).toBe(200)
    expect((await post(gateway.url, bodyOf([]))).status).toBe(200)
  })
})

describe('two secrets during a change-over', () => {
  it('are both accepted, and only the new one afterwards', async () => {
    const during = { ...luckyShrub, appSecrets: ['new', 'old'] }
    const status = async (url: string, key: string): Promise<number> =>
      (await post(url, deleted, { 'x-hub-signature-256': sign(deleted, key) })).status
    await using gateway = await startGateway({ apps: [during] })
    expect([await status(gateway.url, 'old'), await status(gateway.url, 'new')]).toEqual([200, 200])
    await using after = await startGateway({ apps: [{ ...during, appSecrets: ['new'] }] })
    expect([await status(after.url, 'old'), await status(after.url, 'new')]).toEqual([401, 200])
  })

  it("of another app are that app's alone", async () => {
    const other = { ...luckyShrub, appId: '637576208107267', appSecrets: ['other'] }
    await using gateway = await startGateway({ apps: [luckyShrub, other] })
    expect((await post(`${gateway.bareUrl}/${other.appId}`, deleted)).status).toBe(401)
    expect((await post(gateway.bareUrl, deleted)).status).toBe(404)
  })
})
