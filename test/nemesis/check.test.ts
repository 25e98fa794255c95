import { describe, expect, it } from 'vitest'
import { checkLog, checkStream, type Faulty } from '../../nemesis/check.ts'
import { History } from '../../nemesis/history.ts'
import type { Entry } from '../../nemesis/load/items.ts'

const entry = (key: string): Entry => ({ key, cursor: `cursor of ${key}` })
const entries = (keys: string): readonly Entry[] => keys.split(' ').filter(Boolean).map(entry)

function historyOf(keys: string): History {
  const history = new History()
  history.add(entries(keys))
  return history
}

const nothing: Faulty = { lost: [], twice: [], disordered: [], strangers: [] }

describe('what is held against the log of a round', () => {
  const given = { sent: new Set(['1/a', '1/b', '1/c']), acked: new Set(['1/a', '1/b']) }
  const check = (added: string) => checkLog(entries(added), historyOf('1/x 1/y'), given)

  it('is right when everything answered is there once', () => {
    expect(check('1/b 1/a')).toEqual(nothing)
  })

  it('may have what was sent and never answered', () => {
    expect(check('1/b 1/a 1/c')).toEqual(nothing)
  })

  it('lost what was answered and is not there', () => {
    expect(check('1/a')).toEqual({ ...nothing, lost: ['1/b'] })
  })

  it('has twice what comes twice, in one round or in two', () => {
    expect(check('1/a 1/b 1/a 1/x')).toEqual({ ...nothing, twice: ['1/a', '1/x'] })
  })

  it('has a stranger in what nobody sent', () => {
    expect(check('1/a 1/b 1/z')).toEqual({ ...nothing, strangers: ['1/z'] })
  })
})

describe('what is held against a subscriber', () => {
  const log = historyOf('1/a 2/b 1/c 2/d 1/e')
  const check = (got: string, from = 1, appId: string | null = null) =>
    checkStream(entries(got), log, from, appId)

  it('is right when it is what the log has, in its order', () => {
    expect(check('2/b 1/c 2/d 1/e')).toEqual(nothing)
    expect(check('1/c 1/e', 1, '1')).toEqual(nothing)
    expect(check('', 5)).toEqual(nothing)
  })

  it('lost what the log has and did not come', () => {
    expect(check('2/b 2/d 1/e')).toEqual({ ...nothing, lost: ['1/c'] })
    expect(check('2/b 1/c 2/d')).toEqual({ ...nothing, lost: ['1/e'] })
    expect(check('1/e', 1, '1')).toEqual({ ...nothing, lost: ['1/c'] })
  })

  it('got twice what comes again, also when it came in an earlier round', () => {
    expect(check('2/b 1/c 1/c 2/d 1/e')).toEqual({ ...nothing, twice: ['1/c'] })
    expect(check('1/a 2/b 1/c 2/d 1/e')).toEqual({ ...nothing, twice: ['1/a'] })
  })

  it('got out of order what comes before its time', () => {
    expect(check('2/b 2/d 1/c 1/e')).toEqual({ ...nothing, disordered: ['1/c'] })
  })

  it('got a stranger in what the log does not have, has elsewhere, or keeps for another app', () => {
    expect(check('2/b 1/c 1/z 2/d 1/e')).toEqual({ ...nothing, strangers: ['1/z'] })
    expect(checkStream([{ key: '1/e', cursor: 'another' }, entry('1/e')], log, 4, null)).toEqual({
      ...nothing,
      strangers: ['1/e'],
    })
    expect(check('1/c 2/d 1/e', 1, '1')).toEqual({ ...nothing, strangers: ['2/d'] })
  })
})
