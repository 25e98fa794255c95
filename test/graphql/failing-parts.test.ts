import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { StoreUnavailable } from '../../src/events/log.ts'
import type * as stores from '../../src/events/store.ts'
import type { Result } from '../support/clients.ts'
import { Play, type Json } from '../writes/support/play.ts'
import { everythingOf, playEverything, type Everything } from './support/everything.ts'
import { silences, spread } from './support/nulls.ts'
import { pagedFields } from './support/select-all.ts'

const store = vi.hoisted(() => ({ isDown: false }))

/** The real store, of which a test can say that nothing can be read from it. */
vi.mock('../../src/events/store.ts', async (original) => {
  const actual = await original<typeof stores>()
  const gone = (): Promise<never> => Promise.reject(new StoreUnavailable('gone'))
  const guarded = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function') return member
        return store.isDown && name !== 'close' ? gone : (member.bind(target) as unknown)
      },
    })
  const open = async (...words: Parameters<typeof actual.openStore>): Promise<stores.Store> => {
    const opened = await actual.openStore(...words)
    const { log, writes, sharings, deadLetters, webhookHealth, accountWebhookHealth } = opened
    const parts = { log, writes, sharings, deadLetters }
    const all = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, guarded(part)]))
    return {
      ...opened,
      ...all,
      webhookHealth: (...asked) => (store.isDown ? gone() : webhookHealth(...asked)),
      accountWebhookHealth: (...asked) => (store.isDown ? gone() : accountWebhookHealth(...asked)),
    }
  }
  return { ...actual, openStore: open }
})

describe('one part that fails', () => {
  let play: Play
  let everything: Everything
  let document: string
  let healthy: Json

  /** A gateway that remembers nothing and has given up nothing, at a Graph whose allowances nobody has used. */
  const anew = async (): Promise<void> => {
    store.isDown = false
    await play.control.faults()
    await play.control.play('clock', { advanceMs: 3_600_000 })
    await play.closeGateways()
    await play.addGateway()
  }

  beforeAll(async () => {
    play = await Play.begin({ deadlineMs: 2_000 })
    everything = await playEverything(play)
    document = everythingOf(everything)
    await anew()
    await play.control.forgetRequests()
    healthy = await play.ask(document)
  }, 60_000)
  afterAll(() => play.close())

  /** What is not as it should be, in sentences. */
  const complaints = (answer: Result<Json>): readonly string[] => [
    ...(answer.errors ?? [])
      .filter(({ extensions = {} }) => !extensions['code'] || !('waitsFor' in extensions))
      .map(({ message }) => `An error has no code, or does not say whose turn it is: ${message}`),
    ...spread(answer, failingAsAWhole),
    ...silences(healthy, answer, sayingSoThemselves),
  ]

  it('is tried against a document in which nothing is missing', () => {
    expect(Object.keys(healthy).filter((name) => healthy[name] === null)).toEqual([])
  })

  it('of Graph, whichever object or list it is, takes nothing else along', async () => {
    const { byRoute } = await play.control.requests()
    const lists = Object.keys(byRoute).flatMap((route) => /GET .*(\/[a-z_]+)$/.exec(route)?.[1] ?? [])
    const found: (readonly [path: string, complaint: string])[] = []
    const harmless: string[] = []
    for (const path of [...everything.metaIds.map((id) => `^/${id}$`), ...new Set(lists)]) {
      await anew()
      await play.control.faults({ kind: 'error', path, code: 2, status: 500 })
      const answer = await play.post(document)
      if (!answer.errors) harmless.push(path)
      found.push(...complaints(answer).map((complaint) => [path, complaint] as const))
    }
    expect(found).toEqual([])
    expect(harmless).toEqual([])
  }, 120_000)

  it('of the store takes nothing along that Graph answers', async () => {
    await anew()
    store.isDown = true
    const answer = await play.post(document)
    store.isDown = false
    expect(answer.errors?.length).toBeGreaterThan(5)
    expect(complaints(answer)).toEqual([])
  })

  it.each(pagedFields)('of a query, a stale cursor of %s, takes nothing else along', async (field) => {
    await anew()
    const answer = await play.post(everythingOf(everything, { [field]: '(after: "stale")' }))
    expect(answer.errors).toMatchObject([{ path: expect.arrayContaining([field.split('.')[1]]) as unknown }])
    expect(complaints(answer)).toEqual([])
  })
})

/** The contract promises `steps` and `complete`: where the log cannot be read, there is no checklist. */
const failingAsAWhole = ['ClientWaba.onboarding']

/** What a checklist could not read is UNKNOWN in it, with the reason. */
const sayingSoThemselves = ['ClientWaba.onboarding']
