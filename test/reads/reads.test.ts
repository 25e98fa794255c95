import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { get, post } from '../../src/graph/endpoint.ts'
import { GraphError } from '../../src/graph/error.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { Reads } from '../../src/reads/reads.ts'
import { appWith, askedGraph, signal, turn } from './support/graph.ts'

const app = appWith('1')
const named = (name: string) => [{ value: { id: '5', name } }]

describe('reads of two operations', () => {
  it('are shared while they are under way, and whoever waited asks again when the first has left', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const [one, other] = [new Reads(graph, memory, { signal }), new Reads(graph, memory, { signal })]
    const first = one.node('Solution', '5', { app }, ['name'])
    await turn()
    const second = other.node('Solution', '5', { app }, ['name'])
    await turn()
    expect(asked).toHaveLength(1)
    asked[0]?.answer([{ error: new GraphError('aborted', 'The caller has left.') }])
    await expect(first).rejects.toMatchObject({ kind: 'aborted' })
    await turn()
    asked[1]?.answer(named('A'))
    expect(await second).toMatchObject({ name: 'A' })
  })

  it('are asked again in one batch by who waited for several of them', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const endpoints = ['7', '8', '9'].map((id) => get([id, 'partners'], {}, z.unknown()))
    const readAll = () => {
      const reads = new Reads(graph, memory, { signal })
      return Promise.allSettled(endpoints.map((endpoint) => reads.call(endpoint, { app })))
    }
    const all = [readAll(), readAll()]
    await turn()
    const left = { error: new GraphError('aborted', 'The caller has left.') }
    asked[0]?.answer([left, left, left])
    await turn()
    expect(asked.map(({ reads }) => reads.length)).toEqual([3, 3])
    asked[1]?.answer([{ value: 1 }, { value: 2 }, { value: 3 }])
    await Promise.all(all)
  })

  it('are shared again by all who waited when the first has left', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const read = () => new Reads(graph, memory, { signal }).node('Solution', '5', { app }, ['name'])
    const first = read()
    const others = Array.from({ length: 100 }, read)
    await turn()
    asked[0]?.answer([{ error: new GraphError('aborted', 'The caller has left.') }])
    await expect(first).rejects.toMatchObject({ kind: 'aborted' })
    await turn()
    expect(asked).toHaveLength(2)
    asked[1]?.answer(named('A'))
    expect(await Promise.all(others)).toEqual(others.map(() => ({ id: '5', name: 'A' })))
  })

  it('are not shared between two credentials', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const customer = { businessId: '8', solutionId: '9' }
    const viewers = [{ app }, { app, customer }, { app, customer: { ...customer, businessId: '7' } }]
    for (const viewer of viewers) {
      void new Reads(graph, memory, { signal }).node('Business', '5', viewer, ['name'])
      await turn()
    }
    expect(asked.map(({ reads }) => reads.length)).toEqual([1, 1, 1])
  })

  it('are not shared by who wants it fresh, and what comes is remembered', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    void new Reads(graph, memory, { signal }).node('Solution', '5', { app }, ['name'])
    await turn()
    const fresh = new Reads(graph, memory, { signal, fresh: true }).node('Solution', '5', { app }, ['name'])
    await turn()
    expect(asked).toHaveLength(2)
    asked[1]?.answer(named('B'))
    expect(await fresh).toMatchObject({ name: 'B' })
    const later = new Reads(graph, memory, { signal })
    expect(await later.node('Solution', '5', { app }, ['name'])).toMatchObject({ name: 'B' })
    expect(later.cached).toBe(1)
  })
})

describe('the reads of one operation', () => {
  it('leave together in one tick, objects, edges and lists', async () => {
    const { graph, asked } = askedGraph()
    const reads = new Reads(graph, new ReadMemory(), { signal })
    void reads.node('Solution', '5', { app }, ['name'])
    void reads.node('ClientWaba', '6', { app }, ['name'])
    void reads.call(get(['7', 'partners'], {}, z.unknown()), { app })
    void reads.page('Solution', ['id'], () => get(['1', 'whatsapp_business_solutions'], {}, z.never()), {
      app,
    })
    await turn()
    expect(asked).toHaveLength(1)
    expect(asked[0]?.reads).toHaveLength(4)
  })

  it('that are asked on have the deadline of the first', async () => {
    const { graph, asked } = askedGraph()
    const fields = ['id', 'name', 'owner_permissions']
    const read = new Reads(graph, new ReadMemory(), { signal }).node('Solution', '5', { app }, fields)
    await turn()
    const message = '(#100) Tried accessing nonexisting field (owner_permissions)'
    asked[0]?.answer([{ error: new GraphError('invalid', message, { code: 100 }) }])
    await turn()
    expect(asked[1]?.begun).toBe(asked[0]?.begun)
    expect(asked[1]?.begun).toBeTypeOf('number')
    asked[1]?.answer(named('A'))
    expect(await read).toMatchObject({ name: 'A' })
  })

  it('that ask by POST are told apart by what they send', async () => {
    const { graph, asked } = askedGraph()
    const reads = new Reads(graph, new ReadMemory(), { signal })
    for (const name of ['a', 'b', 'a']) void reads.call(post(['7', 'look'], { name }, z.unknown()), { app })
    await turn()
    expect(asked[0]?.reads.map(({ endpoint }) => endpoint.body)).toEqual([{ name: 'a' }, { name: 'b' }])
  })

  it("with a person's token or a secret are neither shared nor remembered", async () => {
    const { graph, asked, calls } = askedGraph()
    const memory = new ReadMemory()
    const reads = new Reads(graph, memory, { signal })
    const endpoint = get(['7', 'solutions'], {}, z.unknown(), 'user')
    for (const userToken of ['one', 'two']) await reads.call(endpoint, { app, userToken })
    const secret = { ...get(['debug_token'], { input_token: 'x' }, z.unknown()), secrets: ['x'] }
    for (let time = 0; time < 2; time++) await reads.call(secret, { app })
    const [person, debug] = ['user 7/solutions', 'system debug_token']
    expect([asked.length, calls.map(({ text }) => text)]).toEqual([0, [person, person, debug, debug]])
    expect(memory.cache.size.pages.entries).toBe(0)
  })

  it('that give tokens are not remembered', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const token = get(['7', 'access_token'], { business_id: '8' }, z.unknown())
    const read = new Reads(graph, memory, { signal }).call(token, { app })
    await turn()
    asked[0]?.answer([{ value: { access_token: 'secret' } }])
    await read
    expect(memory.cache.size).toMatchObject({ pages: { entries: 0 }, objects: { entries: 0 } })
  })
})

describe('what Graph refuses to one app', () => {
  it('is still asked for another, and not again for the same', async () => {
    const { graph, asked } = askedGraph()
    const memory = new ReadMemory()
    const read = (appId: string, id: string) => {
      const reads = new Reads(graph, memory, { signal })
      return reads.read('Solution', id, { app: appWith(appId) }, ['name', 'owner_permissions'])
    }
    const fieldsOf = () => asked.at(-1)?.reads[0]?.endpoint.query?.['fields']
    const first = read('1', '5')
    await turn()
    const message = '(#100) Tried accessing nonexisting field (owner_permissions)'
    asked[0]?.answer([{ error: new GraphError('invalid', message, { code: 100 }) }])
    await turn()
    asked[1]?.answer(named('A'))
    expect((await first).failures.get('owner_permissions')).toMatchObject({ code: 100 })
    void read('1', '6')
    await turn()
    expect(fieldsOf()).toBe('name')
    void read('2', '6')
    await turn()
    expect(fieldsOf()).toBe('name,owner_permissions')
  })
})

describe('reads of one operation', () => {
  it('are asked again by whoever comes after a failure', async () => {
    const { graph, asked } = askedGraph()
    const reads = new Reads(graph, new ReadMemory(), { signal })
    const list = get(['7', 'partners'], {}, z.unknown())
    const first = reads.call(list, { app })
    await turn()
    asked[0]?.answer([{ error: new GraphError('unavailable', 'Not now.') }])
    await expect(first).rejects.toMatchObject({ kind: 'unavailable' })
    const again = reads.call(list, { app })
    await turn()
    asked[1]?.answer([{ value: 'here' }])
    expect(await again).toBe('here')
  })
})
