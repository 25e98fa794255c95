import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from '../../src/events/cursor.ts'

const id = '0123456789abcdef'
const anyId = fc.stringMatching(/^[0-9a-f]{16}$/)
const notOurs = { problem: 'This is not a cursor of the event log.' }

it('brings a position back', () => {
  const property = fc.property(anyId, fc.integer({ min: 0, max: 999_999_999_999_999 }), (log, seq) => {
    expect(decodeCursor(log, encodeCursor(log, seq))).toEqual({ seq })
  })
  fc.assert(property)
})

it('refuses a cursor of another log', () => {
  const cursor = encodeCursor('fedcba9876543210', 7)
  expect(decodeCursor(id, cursor)).toEqual({ problem: 'This cursor belongs to another event log.' })
})

const made = (text: string): string => Buffer.from(text).toString('base64url')
const cursor = encodeCursor(id, 7)

it.each([
  ['nothing', ''],
  ['garbage', '%%%'],
  ['a number', '7'],
  ['a forged position', made(`${id}:seven`)],
  ['a negative position', made(`${id}:-7`)],
  ['a fraction', made(`${id}:7.5`)],
  ['a position beyond exact numbers', made(`${id}:9007199254740993`)],
  ['leading zeros', made(`${id}:007`)],
  ['a position with something behind it', made(`${id}:7\n`)],
  ['padding', `${cursor}==`],
  ['a line feed', `${cursor}\n`],
  ['a character in the middle that decoding would pass over', `${cursor.slice(0, 5)}*${cursor.slice(5)}`],
  ['a megabyte', 'A'.repeat(1_000_000)],
])('refuses %s', (_, text) => {
  expect(decodeCursor(id, text)).toEqual(notOurs)
})

it('refuses any text that was not made here', () => {
  const property = fc.property(fc.string(), (text) => {
    expect(decodeCursor(id, text)).toEqual(notOurs)
  })
  fc.assert(property)
})
