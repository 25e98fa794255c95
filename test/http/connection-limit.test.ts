import { describe, expect, it } from 'vitest'
import { Room } from '../../src/http/connection-limit.ts'

describe('room', () => {
  it('is full for a caller who has its share, and for all when all of it is taken', () => {
    const room = new Room({ all: 3, perCaller: 2 })
    room.take('a')
    room.take('a')
    expect([room.isFullFor('a'), room.isFullFor('b')]).toEqual([true, false])
    room.take('b')
    expect([room.isFullFor('b'), room.isFullFor('c')]).toEqual([true, true])
  })

  it('is free again, once for each place, however often it is left', () => {
    const room = new Room({ all: 2, perCaller: 2 })
    const [leave] = [room.take('a'), room.take('b')]
    leave()
    leave()
    expect(room.isFullFor('a')).toBe(false)
    const again = room.take('a')
    expect(room.isFullFor('a')).toBe(true)
    again()
    expect([room.isFullFor('a'), room.isFullFor('b')]).toEqual([false, false])
  })
})
