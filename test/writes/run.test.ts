import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Store } from '../../src/events/store.ts'
import { readAudit } from '../../src/writes/audit.ts'
import { digestOf } from '../../src/writes/record.ts'
import { freshStore, opened, storeKinds } from '../events/support/stores.ts'
import { until } from '../support/until.ts'
import { ask, fates, Killed, made, thereAlready, unknown, watchBegin, World } from './support/world.ts'

describe.each(storeKinds)('a write over $name', (kind) => {
  it('under one key gives the first outcome for ever, also on another instance', async () => {
    const url = await kind.place()
    const world = new World()
    const [one, two] = [await opened(url, world.stepped), await opened(url, world.stepped)]
    expect(await ask(one, world, { key: 'k' })).toMatchObject({ ...made, repeated: false })
    expect(await ask(two, world, { key: 'k' })).toMatchObject({ ...made, repeated: true })
    expect(await ask(two, world, { key: 'k', input: 'B' })).toMatchObject({ code: 'CONFLICT' })
    expect(world.sent).toBe(1)
  })

  it('gives a refusal again under its key, and is sent anew without one', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.fates = ['refused', 'refused']
    const refused = { code: 'UPSTREAM_REFUSED' }
    expect(await ask(store, world, { key: 'k' })).toMatchObject(refused)
    expect(await ask(store, world, { key: 'k' })).toMatchObject(refused)
    expect(world.sent).toBe(1)
    expect(await ask(store, world)).toMatchObject(refused)
    expect(await ask(store, world)).toMatchObject(made)
  })

  it('whose process was killed before it was sent begins again when that is certainly dead', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    const id = { appId: '1', verb: 'make', key: 'key k' }
    await store.writes.begin(id, digestOf('A'))
    world.now += 25_000
    expect(await ask(store, world, { key: 'k' })).toMatchObject(made)
    expect(world.sent).toBe(1)
  })

  it('whose process was killed is found done by the next, who sends nothing', async () => {
    const url = await kind.place()
    const world = new World()
    world.fates = ['killed after']
    await expect(ask(await opened(url, world.stepped), world, { key: 'k' })).rejects.toThrow(Killed)
    expect(await ask(await opened(url, world.stepped), world, { key: 'k' })).toMatchObject({
      ...made,
      repeated: false,
    })
    expect(await ask(await opened(url, world.stepped), world, { key: 'k' })).toMatchObject({
      ...made,
      repeated: true,
    })
    expect(world.sent).toBe(1)
  })

  it('that cannot be seen is not sent again before it certainly did not happen', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.fates = ['lost before']
    const wait = { code: 'OUTCOME_UNKNOWN', retryable: true, retryAfterSeconds: 120 }
    expect(await ask(store, world)).toMatchObject(wait)
    world.now += 60_000
    expect(await ask(store, world)).toMatchObject({ retryAfterSeconds: 60 })
    world.now += 59_999
    expect(await ask(store, world)).toMatchObject({ retryAfterSeconds: 1 })
    expect(world.sent).toBe(1)
    world.now += 1
    expect(await ask(store, world)).toMatchObject(made)
    expect(world.commits).toBe(1)
  })

  it('that nobody can look up stays unknown for ever', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.isVisible = false
    world.fates = ['lost after']
    expect(await ask(store, world)).toMatchObject(unknown)
    world.now += 1_000_000
    expect(await ask(store, world)).toMatchObject(unknown)
    world.isVisible = true
    expect(await ask(store, world)).toMatchObject(made)
    expect(world.sent).toBe(1)
  })

  it('that Graph has no way to show waits without a key, and under a key is never sent again', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.fates = ['lost before', 'lost before']
    const wait = { code: 'OUTCOME_UNKNOWN', retryable: true }
    expect(await ask(store, world, { isInvisible: true })).toMatchObject(wait)
    expect(await ask(store, world, { isInvisible: true })).toMatchObject(wait)
    expect(await ask(store, world, { isInvisible: true, key: 'k' })).toMatchObject(unknown)
    expect(world.sent).toBe(2)
    world.now += 120_000
    expect(await ask(store, world, { isInvisible: true, key: 'k' })).toMatchObject(unknown)
    expect(await ask(store, world, { isInvisible: true })).toMatchObject(made)
    expect(world.sent).toBe(3)
  })

  it('is not sent when looking at what there is has taken too long, and is free to be asked for again', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    const late = { code: 'UPSTREAM_UNAVAILABLE', retryable: true }
    for (const key of ['k', null]) {
      world.meanwhile = async () => (world.now += 10_001)
      expect(await ask(store, world, { key })).toMatchObject(late)
    }
    expect(world.sent).toBe(0)
    world.meanwhile = async () => (world.now += 10_000)
    expect(await ask(store, world, { key: 'k' })).toMatchObject({ ...made, repeated: false })
  })

  it('on an object does not go out while the outcome of another one is open', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.fates = ['lost before']
    expect(await ask(store, world, { input: 'A' })).toMatchObject(unknown)
    expect(await ask(store, world, { input: 'B' })).toMatchObject(unknown)
    expect(world.sent).toBe(1)
  })

  it('is not sent by a process that was paused while another took it over', async () => {
    const url = await kind.place()
    const world = new World()
    const [one, two] = [await opened(url, world.stepped), await opened(url, world.stepped)]
    const id = { appId: '1', verb: 'make', key: 'key k' }
    world.meanwhile = async () => {
      await two.writes.forget(id, (await two.writes.get(id))?.token ?? '')
      expect(await ask(two, world, { key: 'k' })).toMatchObject(made)
    }
    expect(await ask(one, world, { key: 'k' })).toMatchObject({ retryable: true })
    expect(world.sent).toBe(1)
  })

  it('that was done for a caller who has gone is recorded when another one finds it', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.isVisible = false
    world.fates = ['lost after']
    await ask(store, world, { input: 'A' })
    world.isVisible = true
    expect(await ask(store, world, { input: 'B' })).toEqual(thereAlready)
    const { events } = await store.log.readAfter(0, { appIds: ['1'] }, 10)
    expect(events.map(({ payload }) => readAudit(payload)?.outcome)).toEqual(['UNKNOWN', 'DONE'])
  })

  it('looks again at what there is when another one on the object came first', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    const outcomes = await Promise.all([ask(store, world), ask(store, world), ask(store, world)])
    expect(outcomes).toMatchObject([made, thereAlready, thereAlready])
    expect(world.sent).toBe(1)
  })

  it('believes no memory of its own when another gateway came first', async () => {
    const url = await kind.place()
    const world = new World()
    const [one, two] = [await opened(url, world.stepped), await opened(url, world.stepped)]
    const answer = Promise.withResolvers<void>()
    world.underway = answer.promise
    const first = ask(one, world)
    await until(
      async () => (await one.writes.get({ appId: '1', verb: 'make', key: 'object thing:1' })) !== null,
    )
    const looks = watchBegin(two)
    const second = ask(two, world)
    await until(() => looks() > 0)
    answer.resolve()
    expect(await Promise.all([first, second])).toMatchObject([made, thereAlready])
    expect(world.sent).toBe(1)
  })

  it('that Graph refuses because it is so already is done where Graph shows it, and refused where not', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.fates = ['done before', 'done before']
    expect(await ask(store, world, { key: 'one' })).toMatchObject({ type: 'GraphApiProblem' })
    world.commits = 1
    expect(await ask(store, world, { key: 'two' })).toMatchObject(made)
    expect(await ask(store, world, { key: 'two' })).toMatchObject({ ...made, repeated: true })
  })

  it('that is refused for what is not its own fault can be sent again under its key', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.fates = ['token', 'permission']
    expect(await ask(store, world, { key: 'k' })).toMatchObject({ code: 'TOKEN_INVALID' })
    expect(await ask(store, world, { key: 'k' })).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(await ask(store, world, { key: 'k' })).toMatchObject({ ...made, repeated: false })
  })

  it('is free to be asked for again at once when what there is could not be read', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    for (const key of ['k', null]) {
      world.meanwhile = () => Promise.reject(new Error('Graph is away'))
      await expect(ask(store, world, { key })).rejects.toThrow('Graph is away')
    }
    expect(await ask(store, world, { key: 'k' })).toMatchObject(made)
  })

  it('happens once, whatever is lost, refused or killed, whoever asks, and how often', async () => {
    const url = await kind.place()
    let world = new World()
    const stepped = { clock: () => world.now }
    const stores = [await opened(url, stepped), await opened(url, stepped)] as const
    let round = 0
    const call = fc.record({ instance: fc.constantFrom(0, 1), later: fc.constantFrom(0, 1_000, 130_000) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...fates), { maxLength: 4 }),
        fc.array(fc.array(call, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        async (doomed, waves) => {
          world = new World()
          world.fates = [...doomed]
          const key = `round ${round++}`
          for (const wave of waves) {
            await Promise.allSettled(
              wave.map(({ instance }) => ask(stores[instance] as Store, world, { key, object: key })),
            )
            world.now += wave[0]?.later ?? 0
          }
          world.now += 1_000_000
          const last = await ask(stores[0], world, { key, object: key }).catch(() => null)
          expect(world.commits).toBeLessThanOrEqual(1)
          if (last && 'createdId' in last) expect(world.commits).toBe(1)
          if (last && 'code' in last) expect(world.commits).toBe(0)
        },
      ),
      { numRuns: kind.name === 'SQLite' ? 150 : 50 },
    )
  })
})
