import { describe, expect, it } from 'vitest'
import { GraphError } from '../../src/graph/error.ts'
import {
  UnsupportedFields,
  type UnsupportedField,
  type ReadScope,
} from '../../src/reads/unsupported-fields.ts'
import { EvictionClock } from '../../src/reads/read-cache.ts'

const minute = 60_000
const name = { type: 'Solution', field: 'name' }
const list = { type: 'Solution', field: 'partners' }
const here: ReadScope = { key: 'app 5', ids: ['5'] }
const there: ReadScope = { key: 'app 6', ids: ['6'] }
const error = new GraphError('permission', 'Not yours.', { code: 10 })
const unsupported = (of: object, isOfScope: boolean) =>
  ({ ...name, ...of, error, isOfScope }) as UnsupportedField

function memory() {
  const stamps = new EvictionClock()
  let now = 0
  const refusals = new UnsupportedFields(stamps, () => now)
  return { refusals, stamps, pass: (ms: number) => (now += ms) }
}

describe('what Graph refuses', () => {
  it('of an app is known of it everywhere, for an hour, and of no other app', () => {
    const { refusals, pass } = memory()
    refusals.remember('1', unsupported(name, false), here, 0)
    expect([refusals.of('1', name), refusals.of('1', name, there), refusals.of('2', name)]).toEqual([
      error,
      error,
      null,
    ])
    pass(60 * minute)
    expect(refusals.of('1', name)).toBeNull()
  })

  it('of one object is known of that alone, for ten minutes or until something comes to pass with it', () => {
    const { refusals, stamps, pass } = memory()
    refusals.remember('1', unsupported(name, true), here, stamps.now)
    expect([refusals.of('1', name, here), refusals.of('1', name, there), refusals.of('1', name)]).toEqual([
      error,
      null,
      null,
    ])
    expect(refusals.at(here)).toMatchObject([name])
    stamps.evict(['6'])
    expect(refusals.of('1', name, here)).toBe(error)
    stamps.evict(['5'])
    expect([refusals.of('1', name, here), refusals.at(here)]).toEqual([null, []])
    refusals.remember('1', unsupported(name, true), here, stamps.now)
    pass(10 * minute)
    expect(refusals.of('1', name, here)).toBeNull()
  })

  it('as a field is not refused as an edge', () => {
    const { refusals } = memory()
    refusals.remember('1', unsupported(list, false), here, 0)
    expect(refusals.of('1', { ...list, edge: true })).toBeNull()
    refusals.remember('1', unsupported({ ...list, edge: true }, false), here, 0)
    expect(refusals.of('1', { ...list, edge: true })).toBe(error)
  })

  it('whatever is left out is given up there, beside what is known', () => {
    const { refusals, stamps, pass } = memory()
    refusals.remember('1', unsupported(name, true), here, stamps.now)
    refusals.giveUp(here, stamps.now)
    expect([refusals.isGivenUp(here), refusals.isGivenUp(there)]).toEqual([true, false])
    expect(refusals.of('1', name, here)).toBe(error)
    pass(10 * minute)
    expect(refusals.isGivenUp(here)).toBe(false)
  })

  it('in an answer that came after something had come to pass is not believed', () => {
    const { refusals, stamps } = memory()
    const since = stamps.now
    stamps.evict(['5'])
    refusals.remember('1', unsupported(name, true), here, since)
    expect(refusals.of('1', name, here)).toBeNull()
  })
})
