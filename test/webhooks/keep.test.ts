import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/events/event.ts'
import { StoreUnavailable } from '../../src/events/log.ts'
import { openStore, type Store } from '../../src/events/store.ts'
import { redrive } from '../../src/webhooks/redrive.ts'
import { bodyOf, luckyShrub, post, receivedAt, secret, startGateway, update } from './gateway.ts'

const good = [update('ACCOUNT_VIOLATION'), update('ACCOUNT_DELETED')] as const
const bad = update('PARTNER_REMOVED', { waba_info: { waba_id: '5', owner_business_id: '6' } })
const worse = update('PARTNER_REMOVED', { waba_info: { waba_id: '7' }, message: { text: 'a private word' } })

const letterShape = { id: 0, handled: false, redrives: [] }

describe('a post with a change that this release cannot handle', () => {
  let store: Store
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-keep-'))
  beforeAll(async () => {
    store = await openStore(`file:${join(folder, 'gateway.db')}`)
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })

  let tries = 0
  /** The store, with a fault in the way of some events. */
  const append = async (events: readonly NewEvent[]) => {
    if (!events.some(({ event }) => event === 'PARTNER_REMOVED')) return store.log.append(events)
    tries++
    throw new TypeError('cannot be\nstored')
  }

  it('keeps its neighbours as events and the change as a dead letter, after a second try, and is answered 200', async () => {
    await using gateway = await startGateway({ append, deadLetters: store.deadLetters })
    expect((await post(gateway.url, bodyOf([good[0], bad, good[1]]))).status).toBe(200)
    const { events } = await store.log.readAfter(0, { appIds: [luckyShrub.appId] }, 10)
    expect(events.map(({ event }) => event)).toEqual(['ACCOUNT_VIOLATION', 'ACCOUNT_DELETED'])
    expect(await store.deadLetters.list({ limit: 10 })).toMatchObject([
      { appId: luckyShrub.appId, reason: 'could not be handled: TypeError: cannot be\\u{a}stored' },
    ])
    expect(tries).toBe(2)
    expect(gateway.counts.get('malformed could not be handled')).toBe(1)
  })

  it('leaves one dead letter however often it is repeated', async () => {
    await using gateway = await startGateway({ append, deadLetters: store.deadLetters })
    for (let n = 0; n < 3; n++) expect((await post(gateway.url, bodyOf([good[0], bad]))).status).toBe(200)
    expect(await store.deadLetters.list({ limit: 10 })).toHaveLength(1)
  })

  it('is to be sent again when the store fails while each change is tried by itself', async () => {
    const letters: unknown[] = []
    const failing = async (events: readonly NewEvent[]) => {
      if (events.length === 1) throw new StoreUnavailable('gone')
      return append(events)
    }
    const deadLetters = { add: async (more: readonly unknown[]) => void letters.push(...more) }
    await using gateway = await startGateway({ append: failing, deadLetters })
    expect((await post(gateway.url, bodyOf([good[0], bad]))).status).toBe(503)
    expect(letters).toEqual([])
  })

  it('is handled by a re-drive when the fault is gone: as the event that it would have been', async () => {
    const [{ id } = { id: 0 }] = await store.deadLetters.list({ limit: 1 })
    const letter = await store.deadLetters.get(id)
    expect(await redrive({ ...store, clock: () => 7 }, letter!)).toMatchObject({ handled: true })
    await using gateway = await startGateway({ append: (events) => store.log.append(events) })
    await post(gateway.url, bodyOf([bad]))
    const { events } = await store.log.readAfter(2, { appIds: [luckyShrub.appId] }, 10)
    expect(events).toMatchObject([
      { event: 'PARTNER_REMOVED', kind: 'CLIENT_WABA_REMOVED', wabaId: '5', occurredAt: 1_743_451_903_000 },
    ])
    expect(gateway.answers).toEqual([{ stored: 0, duplicates: 1 }])
  })

  it('has in its dead letter what an event would have, and nothing else', async () => {
    await using gateway = await startGateway({ append })
    expect((await post(gateway.url, bodyOf([worse]))).status).toBe(200)
    const [{ raw, size } = { raw: '', size: 0 }] = gateway.letters
    expect(size).toBe(JSON.stringify(worse).length)
    const left = { size: '{"text":"a private word"}'.length, keys: ['message'] }
    const value = { event: 'PARTNER_REMOVED', waba_info: { waba_id: '7' }, $leftOut: left }
    const entry = { id: '102290129340398', time: 1743451903 }
    expect(JSON.parse(String(raw))).toEqual({
      object: 'whatsapp_business_account',
      entry: [{ ...entry, changes: [{ field: 'account_update', value }] }],
    })
    const { detail } = await redrive({ ...store, clock: () => 7 }, { ...letterShape, ...gateway.letters[0]! })
    expect(detail).toBeNull()
    const [event] = await store.log.readBefore(99, { appIds: [luckyShrub.appId], wabaId: '7' }, 1)
    expect(JSON.parse(event?.payload ?? '')).toEqual(value)
  })
})

describe('a piece that cannot be read', () => {
  const body = bodyOf(['bad', good[0]])

  it('is kept in the repeat when the store failed between its events and its dead letters', async () => {
    let isDown = true
    const letters: string[] = []
    const add = async (more: readonly { reason: string; size: number }[]) => {
      if (isDown) throw new StoreUnavailable('full')
      letters.push(...more.map(({ reason, size }) => `${reason}, ${size} bytes`))
    }
    await using gateway = await startGateway({ deadLetters: { add } })
    expect((await post(gateway.url, body)).status).toBe(503)
    isDown = false
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(letters).toEqual(['change is not an object, 5 bytes'])
    expect(gateway.stored.size).toBe(2)
  })

  it('waits for the repeat, with all of its post, while the store is down', async () => {
    const append = () => Promise.reject(new StoreUnavailable('locked'))
    await using gateway = await startGateway({ append })
    expect((await post(gateway.url, body)).status).toBe(503)
    expect(gateway.letters).toEqual([])
    expect(gateway.appends).toHaveLength(1)
  })
})

describe('a post that cannot be read and is no text', () => {
  const mark = [0xef, 0xbb, 0xbf]
  const first = Buffer.from([...mark, 0x7b, 0xff, 0xfe, 0x80, 0x22])
  const second = Buffer.from([...mark, 0x7b, 0x81, 0x82, 0x83, 0x22])

  it('leaves a fingerprint that signs no post, although it is made with the secret', async () => {
    await using gateway = await startGateway()
    const text = 'not JSON'
    await post(gateway.url, text)
    const signature = createHmac('sha256', secret).update(text).digest('base64url')
    expect(gateway.letters.map(({ fingerprint }) => fingerprint)).toEqual([
      expect.stringMatching(/^[\w-]{43}$/),
    ])
    expect(gateway.letters[0]?.fingerprint).not.toBe(signature)
  })

  it('is not kept, and not taken for another that reads the same', async () => {
    await using gateway = await startGateway()
    for (const body of [first, second, first]) expect((await post(gateway.url, body)).status).toBe(200)
    expect(gateway.letters.map(({ raw, size }) => [raw.length, size])).toEqual([
      [0, 8],
      [0, 8],
      [0, 8],
    ])
    const [one, other, again] = gateway.letters.map(({ fingerprint }) => fingerprint)
    expect([one === again, one === other]).toEqual([true, false])
    expect(gateway.answers).toEqual([
      { stored: 1, duplicates: 0 },
      { stored: 1, duplicates: 0 },
      { stored: 0, duplicates: 1 },
    ])
  })

  it('leaves one dead letter for each reason, however many pieces of it are bad', async () => {
    await using gateway = await startGateway()
    const body = Buffer.concat([
      Buffer.from(mark),
      Buffer.from(bodyOf(['bad', 'worse', { field: 'x' }, good[0]])),
    ])
    expect((await post(gateway.url, body)).status).toBe(200)
    expect(gateway.letters.map(({ reason }) => reason)).toEqual([
      'change is not an object',
      'change has no value',
    ])
    for (const { raw, size } of gateway.letters) expect([raw.length, size]).toEqual([0, body.length])
  })
})

describe('what is not kept', () => {
  const counted = (field: string) => ({ field, value: {} })

  it('is counted, a post at a time, and nothing is counted twice', async () => {
    await using gateway = await startGateway()
    await post(gateway.url, bodyOf([counted('messages'), counted('calls')]))
    await post(gateway.url, bodyOf([counted('messages'), good[0]]))
    await post(gateway.url, bodyOf([good[1]]))
    await post(gateway.url, bodyOf([]))
    const at = receivedAt
    expect(gateway.seen).toEqual([
      { at, changes: 2 },
      { at, changes: 1 },
      { at, changes: 0 },
    ])
  })
})
