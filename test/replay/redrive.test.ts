import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../src/events/store.ts'
import { redrive } from '../../src/replay/redrive.ts'

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
    const id = await store.deadLetters.add({
      appId: '1',
      receivedAt: 1,
      reason: 'test',
      raw: Buffer.from(JSON.stringify(raw)),
    })
    const letter = await store.deadLetters.get(id)
    expect(await redrive({ ...store, clock: () => 2 }, letter!)).toEqual({
      at: 2,
      handled: true,
      detail: null,
    })
    expect((await store.log.readAfter(before, { appIds: ['1'] }, 10)).events).toHaveLength(1)
    expect((await store.deadLetters.get(id))?.redrives).toEqual([{ at: 2, handled: true, detail: null }])
    expect(await store.deadLetters.count('1')).toBe(0)
  })
})
