import { setImmediate } from 'node:timers/promises'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AppConfig } from '../../src/config/config.ts'
import type { Ctx } from '../../src/context.ts'
import { openStore } from '../../src/events/store.ts'
import { GraphError } from '../../src/graph/error.ts'
import { UnclaimedTokens } from '../../src/graph/unclaimed-tokens.ts'
import { quotaOf } from '../../src/onboarding/quota.ts'
import { runAutoOnboarding } from '../../src/onboarding/rule/rule.ts'
import { anEvent } from '../events/support/events.ts'

const app = { appId: '1', businessId: '2', creditLineId: null } as AppConfig

/** A store in which so many customers came through the app. */
async function arrived(count: number) {
  const store = await openStore('file::memory:')
  onTestFinished(() => store.close())
  const now = Date.now()
  const events = Array.from({ length: count }, (_, n) =>
    anEvent({
      appId: '1',
      kind: 'CLIENT_WABA_ONBOARDED',
      source: 'WEBHOOK',
      wabaId: String(n + 1),
      ownerBusinessId: String(5000 + n),
      receivedAt: now,
      occurredAt: now,
    }),
  )
  await store.log.append(events)
  return store
}

describe('many arrivals', () => {
  it('are looked at a few at once by the rule, and one that waits to be tried again holds up none', async () => {
    const store = await arrived(12)
    const looks: { wabaId: string; end: (error: GraphError) => void }[] = []
    const call = ({ path }: { path: readonly string[] }) =>
      new Promise<never>((_, end) => looks.push({ wabaId: path[0] ?? '', end }))
    const context = () =>
      ({
        actor: { kind: 'RULE', apps: [app] },
        apps: [app],
        cost: { requests: 0, units: 0, priority: 'background' },
        log: store.log,
        clock: Date.now,
        logger: pino({ level: 'silent' }),
        graph: { unclaimed: new UnclaimedTokens(null) },
        reads: { renew: () => {}, call },
      }) as unknown as Ctx
    const stop = new AbortController()
    const { signal } = stop
    const guard = { withLease: <T>(work: (lease: { isHeld(): boolean }) => Promise<T>) => work(held) }
    const following = runAutoOnboarding({
      context,
      guard,
      input: { credit: null, registration: null },
      signal,
      watch: () => {},
    })
    const settled = async (): Promise<number> => {
      for (let turn = 0; turn < 200; turn++) await setImmediate()
      return looks.length
    }
    while (looks.length < 5) await setImmediate()
    expect(await settled()).toBe(5)
    looks[0]?.end(busy)
    expect(await settled()).toBe(6)
    // What cannot be looked at now is tried later, and nothing is sent for it.
    for (let at = 1; at < 12; at++) {
      while (looks.length <= at) await setImmediate()
      looks[at]?.end(busy)
    }
    stop.abort()
    await following
    expect(new Set(looks.map(({ wabaId }) => wabaId)).size).toBe(12)
  })

  it('cost the quota of an app few reads of the log', async () => {
    const { log } = await arrived(1100)
    let reads = 0
    const counted = new Proxy(log, {
      get: (target, name) => {
        const member = target[name as keyof typeof log] as unknown as (...values: unknown[]) => unknown
        return (...values: unknown[]) => (reads++, member.apply(target, values))
      },
    })
    const quota = await quotaOf({ clock: Date.now, log: counted } as unknown as Ctx, { appId: '1' })
    expect(quota).toMatchObject({ used: 1100, remaining: 0 })
    expect(reads).toBe(4)
  })
})

const held = { isHeld: () => true }
const busy = new GraphError('throttled', 'later', { retryAfterSeconds: 60 })
