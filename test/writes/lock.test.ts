import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { Ctx } from '../../src/context.ts'
import { StoreUnavailable } from '../../src/events/log.ts'
import { withLock } from '../../src/writes/lock.ts'
import { freshStore, storeKinds } from '../events/support/stores.ts'

describe('work under a lock', () => {
  it.each(storeKinds)(
    'over $name has the outcome that it had, although the store fails at its end',
    async (kind) => {
      const { writes } = await freshStore(kind)
      const failing = {
        begin: writes.begin.bind(writes),
        forget: () => Promise.reject(new StoreUnavailable('locked')),
      }
      const ctx = { writes: failing, clock: Date.now, logger: pino({ level: 'silent' }) } as unknown as Ctx
      expect(await withLock(ctx, { verb: 'code', object: 'number:1' }, async () => 'sent')).toBe('sent')
    },
  )
})
