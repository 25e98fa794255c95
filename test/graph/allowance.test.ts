import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countCall, NO_CALLS, NEW_BUDGET, type Budget } from '../../src/graph/budget/budget.ts'
import { readingOf, tightest } from '../../src/graph/budget/budgets.ts'
import { GraphError } from '../../src/graph/error.ts'
import { luckyShrub, startWorld } from '../calls/support/world.ts'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const error = new GraphError('throttled', 'wait', { code: 80008 })

const budget = (more: Partial<Budget>): Budget => ({ ...NEW_BUDGET, ...more })
const after = (calls: number, limit: number | null = null, at = NOW) => {
  let allowance = NO_CALLS
  for (let call = 0; call < calls; call++) allowance = countCall(allowance, at, 'account')
  return { ...allowance, limit: limit === null ? null : { calls: limit, since: at } }
}

describe('what is left of an allowance', () => {
  it('is nothing to speak of before anything was called or said', () => {
    expect(readingOf(NEW_BUDGET, NOW)).toBeNull()
    expect(readingOf(budget({ allowance: after(3) }), NOW + 2 * HOUR)).toBeNull()
  })

  it('is counted in calls where the limit is known, and not guessed where it is not', () => {
    expect(readingOf(budget({ allowance: after(50) }), NOW)).toMatchObject({
      percent: null,
      calls: 50,
      callsLeft: null,
    })
    expect(readingOf(budget({ allowance: after(50, 200) }), NOW)).toMatchObject({
      percent: 25,
      calls: 50,
      callsLeft: 150,
    })
  })

  it('is what Graph says, falling as the hour rolls on', () => {
    const said = budget({ usage: { percent: 60, at: NOW } })
    expect(readingOf(said, NOW)).toMatchObject({ percent: 60, freeAt: NOW + 0.6 * HOUR, stoppedUntil: null })
    expect(readingOf(said, NOW + HOUR / 2)).toMatchObject({ percent: 10, freeAt: NOW + 0.6 * HOUR })
  })

  it('is nothing until Graph’s own time is over', () => {
    const cooldown = { until: NOW + 5 * MINUTE, strikes: 1, error }
    expect(readingOf(budget({ cooldown }), NOW)).toMatchObject({
      percent: 100,
      stoppedUntil: cooldown.until,
      freeAt: cooldown.until,
    })
    expect(readingOf(budget({ cooldown }), cooldown.until)).toBeNull()
  })

  it('is free when all calls are an hour old, and never before now', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(HOUR - MINUTE), (calls, later) => {
        const reading = readingOf(budget({ allowance: after(calls + 1) }), NOW + later)
        expect(reading?.freeAt).toBeGreaterThan(NOW + later)
        expect(readingOf(budget({ allowance: after(calls + 1) }), reading?.freeAt ?? 0)).toBeNull()
      }),
    )
  })

  it('of several is that of the fullest', () => {
    const readings = [20, 70, 50].map((percent) => readingOf(budget({ usage: { percent, at: NOW } }), NOW))
    expect(tightest([null, ...readings])?.percent).toBe(70)
    expect(tightest([null])).toBeNull()
  })
})

describe('an account', () => {
  const usage = 'apiUsage { percent callsLastHour callsLeft blockedUntil resetsAt }'

  it('tells what is left of its calls without a call, and until when Graph has blocked it', async () => {
    await using world = await startWorld({ solutions: 1, wabas: 2, usageKey: 'waba' })
    const [id = '', other = ''] = world.wabaIds
    const query = `{ a: clientWaba(id: "${id}") { name ${usage} } b: clientWaba(id: "${other}") { ${usage} } }`
    const list = `{ app(id: "${luckyShrub}") { ${usage} clientWabas { edges { node { wabaId ${usage} } } } } }`
    expect((await world.run(`{ app(id: "${luckyShrub}") { ${usage} } }`)).data).toEqual({
      app: { apiUsage: null },
    })
    const first = await world.run(query)
    const time = expect.stringMatching(/Z$/) as string
    expect(first.data?.['a']).toMatchObject({
      apiUsage: { callsLastHour: 1, callsLeft: null, blockedUntil: null, resetsAt: time },
    })
    await world.simulator.faults({ kind: 'throttle', path: `/${id}`, percent: 100, minutes: 7 })
    await world.forget()
    const blocked = await world.run(query)
    expect(blocked.data?.['b']).toMatchObject({ apiUsage: { blockedUntil: null } })
    const { data, total } = await world.run(list)
    expect(total).toBe(1)
    const nodes = (data as { app: { clientWabas: { edges: { node: unknown }[] } } }).app.clientWabas.edges
    expect(nodes[0]?.node).toMatchObject({ wabaId: id, apiUsage: { percent: 100, blockedUntil: time } })
  })

  it('has the same through each app for itself', async () => {
    await using world = await startWorld({ solutions: 1, wabas: 1 })
    const social =
      '{ app(id: "637576208107267") { apiUsage { percent } clientWabas { edges { node { apiUsage { percent } } } } } }'
    await world.run(`{ clientWaba(id: "${world.wabaIds[0]}") { name } }`)
    const { data } = await world.run(social)
    expect(JSON.stringify(data)).toContain('"node":{"apiUsage":null}')
  })
})
