import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/events/event.ts'
import { anEvent } from '../support/events.ts'
import { fresh } from '../support/fresh.ts'
import { implementations } from '../support/implementations.ts'

const arrived = (fields: Partial<NewEvent> = {}): NewEvent =>
  anEvent({ appId: '1', kind: 'CLIENT_WABA_ONBOARDED', ownerBusinessId: '200', wabaId: '100', ...fields })

describe.each(implementations)('a customer in $name', (implementation) => {
  it('is known behind its first arrival, and not before', async () => {
    const { log } = await fresh(implementation)
    await log.append([arrived(), anEvent({ appId: '1' })])
    const head = await log.head()
    expect(await log.businessesKnownBefore(['200'], ['1'], head - 1)).toEqual(new Set())
    expect(await log.businessesKnownBefore(['200'], ['1'], head)).toEqual(new Set(['200']))
    expect(await log.businessesKnownBefore(['201'], ['1'], head)).toEqual(new Set())
  })

  it('is told among many, in the order in which nobody asked', async () => {
    const { log } = await fresh(implementation)
    const came = Array.from({ length: 700 }, (_, n) => arrived({ ownerBusinessId: String(n) }))
    await log.append(came)
    const asked = Array.from({ length: 1400 }, (_, n) => String(n))
    const known = await log.businessesKnownBefore(asked, ['1'], (await log.head()) + 1)
    expect(known).toEqual(new Set(asked.slice(0, 700)))
    expect(await log.businessesKnownBefore([], ['1'], 1)).toEqual(new Set())
  })

  it('is known to the apps that were told, and by an arrival only', async () => {
    const { log } = await fresh(implementation)
    await log.append([
      arrived({ appId: '2', kind: 'CLIENT_WABA_APP_INSTALLED' }),
      arrived({ kind: 'CLIENT_WABA_UPDATED', source: 'GATEWAY' }),
      anEvent({ appId: '1' }),
    ])
    const head = await log.head()
    expect(await log.businessesKnownBefore(['200'], ['1'], head)).toEqual(new Set())
    expect(await log.businessesKnownBefore(['200'], [], head)).toEqual(new Set())
    expect(await log.businessesKnownBefore(['200'], ['1', '2'], head)).toEqual(new Set(['200']))
  })

  it('stays known when retention has taken the event', async () => {
    const { log } = await fresh(implementation)
    await log.append([arrived({ receivedAt: 1000 })])
    await log.append([arrived({ receivedAt: 9000 })])
    while ((await log.deleteBefore(5000, 10)) > 0);
    expect(await log.businessesKnownBefore(['200'], ['1'], await log.head())).toEqual(new Set(['200']))
  })
})
