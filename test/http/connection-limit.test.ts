import { describe, expect, it } from 'vitest'
import { ConnectionLimit } from '../../src/http/connection-limit.ts'

describe('a connection limit', () => {
  it('is full for a caller who has its share, and for all when all of it is taken', () => {
    const limit = new ConnectionLimit({ all: 3, perCaller: 2 })
    limit.take('a')
    limit.take('a')
    expect([limit.isFullFor('a'), limit.isFullFor('b')]).toEqual([true, false])
    limit.take('b')
    expect([limit.isFullFor('b'), limit.isFullFor('c')]).toEqual([true, true])
  })

  it('is free again, once for each place, however often it is left', () => {
    const limit = new ConnectionLimit({ all: 2, perCaller: 2 })
    const [leave] = [limit.take('a'), limit.take('b')]
    leave()
    leave()
    expect(limit.isFullFor('a')).toBe(false)
    const again = limit.take('a')
    expect(limit.isFullFor('a')).toBe(true)
    again()
    expect([limit.isFullFor('a'), limit.isFullFor('b')]).toEqual([false, false])
  })
})
