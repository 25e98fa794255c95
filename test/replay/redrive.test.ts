import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../src/events/dead-letters.ts'
import { StoreUnavailable } from '../../src/events/log.ts'
import { openStore, type Store } from '../../src/events/store.ts'
import { redrive } from '../../src/webhooks/redrive.ts'

describe('a dead letter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mps-replay-'))
  let store: Store
  beforeAll(async () => {
    store = await openStore(`file:${join(folder, 'gateway.db')}`)
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true })
  })

  const buried = async (raw: Buffer): Promise<DeadLetter> => {
    const letter = { appId: '1', receivedAt: 1, reason: 'test', raw, size: 99 }
    await store.deadLetters.add([{ ...letter, fingerprint: raw.toString('hex') }])
    const { id } = (await store.deadLetters.list({ limit: 100 })).at(-1)!
    return (await store.deadLetters.get(id))!
  }

  const change = {
    field: 'account_update',
    value: { event: 'PARTNER_ADDED', waba_info: { waba_id: '5', owner_business_id: '6' } },
  }
  const entry = { id: '506914307656634', time: 1_700_000_000, changes: [change] }

  it.each([
    ['a whole post', { object: 'whatsapp_business_account', entry: [entry] }],
    ['an entry', { ...entry, time: 1_700_000_001 }],
    ['a change', change],
  ])('that this release can read as %s is handled, once', async (_, raw) => {
    const before = await store.log.head()
    const letter = await buried(Buffer.from(JSON.stringify(raw)))
    expect(await redrive({ ...store, clock: () => 2 }, letter)).toEqual({
      at: 2,
      handled: true,
      detail: null,
    })
    expect((await store.log.readAfter(before, { appIds: ['1'] }, 10)).events).toHaveLength(1)
    expect((await store.deadLetters.get(letter.id))?.redrives).toEqual([
      { at: 2, handled: true, detail: null },
    ])
    expect(await store.deadLetters.count('1')).toBe(0)
  })
  it('that came with a byte order mark is read as it was when it came', async () => {
    const raw = Buffer.from(`\ufeff${JSON.stringify({ ...entry, time: 1_700_000_002 })}`)
    expect(await redrive({ ...store, clock: () => 2 }, await buried(raw))).toMatchObject({ handled: true })
  })

  it('of which nothing was kept waits no longer once somebody has looked at it', async () => {
    const letter = await buried(Buffer.of())
    const seen = { at: 2, handled: true, detail: 'nothing of it was stored' }
    expect(await redrive({ ...store, clock: () => 2 }, letter)).toEqual(seen)
    expect(await store.deadLetters.get(letter.id)).toMatchObject({ handled: true, redrives: [seen] })
  })

  const failing = (error: Error) => ({
    ...store,
    log: { ...store.log, append: () => Promise.reject(error) } as Store['log'],
    clock: () => 3,
  })

  it('that the store still refuses is not handled, and the try is on record with the reason', async () => {
    const letter = await buried(Buffer.from(JSON.stringify({ ...entry, time: 1_700_000_003 })))
    const outcome = { at: 3, handled: false, detail: 'TypeError: cannot be\\u{a}stored' }
    expect(await redrive(failing(new TypeError('cannot be\nstored')), letter)).toEqual(outcome)
    expect(await store.deadLetters.get(letter.id)).toMatchObject({ handled: false, redrives: [outcome] })
  })

  it('was not tried while the store is gone', async () => {
    const letter = await buried(Buffer.from(JSON.stringify({ ...entry, time: 1_700_000_004 })))
    await expect(redrive(failing(new StoreUnavailable('gone')), letter)).rejects.toThrow('gone')
    expect((await store.deadLetters.get(letter.id))?.redrives).toEqual([])
  })
})
