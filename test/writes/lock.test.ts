import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import { StoreUnavailable } from '../../src/events/log.ts'
import { ownTime } from '../../src/lib/clock.ts'
import { withLock } from '../../src/writes/lock.ts'
import { freshStore, storeKinds } from '../events/support/stores.ts'

const instance = { id: 'this', isAlive: async () => true }

describe('work under a lock', () => {
  it.each(storeKinds)(
    'over $name has the outcome that it had, although the store fails at its end',
    async (kind) => {
      const { writes } = await freshStore(kind)
      const failing = {
        begin: writes.begin.bind(writes),
        forget: () => Promise.reject(new StoreUnavailable('locked')),
      }
      const ctx = {
        writes: failing,
        time: ownTime,
        instance,
        logger: pino({ level: 'silent' }),
      } as unknown as Ctx
      expect(await withLock(ctx, { verb: 'code', object: 'number:1' }, async () => 'sent')).toBe('sent')
    },
  )

  it.each(storeKinds)('over $name leaves the lock free at once, also when it fails', async (kind) => {
    const { writes } = await freshStore(kind)
    const ctx = {
      writes,
      time: ownTime,
      earliest: Date.now,
      instance,
      logger: pino({ level: 'silent' }),
    } as unknown as Ctx
    const id = { appId: 'any', verb: 'code', key: 'turn number:1' }
    const lock = { verb: 'code', object: 'number:1' }
    await withLock(ctx, lock, async () => expect(await writes.get(id)).not.toBeNull())
    expect(await writes.get(id)).toBeNull()
    await expect(withLock(ctx, lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await writes.get(id)).toBeNull()
  })
})
