import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/writes/record.ts'
import { freshStore, opened, storeKinds, type StoreKind } from '../events/support/stores.ts'
import { until } from '../support/until.ts'
import { ask, Killed, made, thereAlready, watchBegin, World } from './support/world.ts'

/** A write on the object that is out until it is answered, and another instance. */
async function oneUnderWay(kind: StoreKind) {
  const url = await kind.place()
  const world = new World()
  const [one, two] = [await opened(url, world.stepped), await opened(url, world.stepped)]
  const answer = Promise.withResolvers<void>()
  world.underway = answer.promise
  const first = ask(one, world, { key: 'a' })
  await until(async () => (await one.writes.get({ appId: '1', verb: 'make', key: 'key a' })) !== null)
  return { world, two, first, answer }
}

describe.each(storeKinds)('a write over $name, beside another one,', (kind) => {
  it.each([null, '{"before":"not-made"}'])(
    'is not waited for when its instance is known to be dead (on record as sent: %j)',
    async (sent) => {
      const world = new World()
      const store = await freshStore(kind, world.stepped)
      const id = { appId: '1', verb: 'make', key: 'key k' }
      const answer = await store.writes.begin(id, digestOf('A'), { holder: 'the dead one' })
      if (sent && 'begun' in answer) await store.writes.markSending(id, answer.begun.token, sent, 1000)
      if (sent) world.commits = 1
      // No time passes.
      expect(await ask(store, world, { key: 'k', dead: ['the dead one'] })).toMatchObject(made)
      expect(world.sent).toBe(sent ? 0 : 1)
    },
  )

  it('under another key waits for one that is on record as sent, although its instance seems dead', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    const id = { appId: '1', verb: 'make', key: 'key a' }
    const of = { object: 'thing:1', holder: 'the dead one' }
    const answer = await store.writes.begin(id, digestOf('A'), of)
    if ('begun' in answer)
      await store.writes.markSending(id, answer.begun.token, '{"before":"not-made"}', 1000)
    const looks = watchBegin(store)
    const other = ask(store, world, { key: 'b', dead: ['the dead one'] })
    await until(() => looks() > 2)
    expect(world.sent).toBe(0)
    world.now += 25_000
    expect(await other).toMatchObject(made)
  })

  it('waits for another one on the object, whatever the keys, and then looks again', async () => {
    const { world, two, first, answer } = await oneUnderWay(kind)
    const looks = watchBegin(two)
    const others = [ask(two, world, { key: 'b' }), ask(two, world)]
    await until(() => looks() > 1)
    answer.resolve()
    expect(await first).toMatchObject(made)
    expect(await Promise.all(others)).toMatchObject([made, thereAlready])
    expect(world.sent).toBe(2)
  })

  it('looks again when the other one ends just as it asks which one stands in its way', async () => {
    const { world, two, first, answer } = await oneUnderWay(kind)
    two.writes.get = async () => {
      answer.resolve()
      await first
      return null
    }
    expect(await ask(two, world)).toMatchObject(thereAlready)
    expect(world.sent).toBe(1)
  })

  it('under another key goes out when the process of the one before is dead, whose outcome stays open', async () => {
    const world = new World()
    const store = await freshStore(kind, world.stepped)
    world.fates = ['killed after']
    await expect(ask(store, world, { key: 'a' })).rejects.toThrow(Killed)
    expect(await ask(store, world, { key: 'b' })).toMatchObject({ ...made, repeated: false })
    expect(await ask(store, world, { key: 'a' })).toMatchObject({ ...made, repeated: false })
    expect(world.sent).toBe(2)
  })
})
