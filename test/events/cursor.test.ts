import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Cursors } from '../../src/events/cursor.ts'

const id = '0123456789abcdef'
const cursors = new Cursors(id, 'a key of the store')
const anyId = fc.stringMatching(/^[0-9a-f]{16}$/)
const notOurs = { problem: 'This is not a cursor of the event log.' }
const another = { problem: 'This cursor belongs to another event log.' }

it('brings a position back', () => {
  const property = fc.property(anyId, fc.integer({ min: 0, max: 2 ** 48 - 1 }), (log, seq) => {
    const own = new Cursors(log, 'key')
    expect(own.decode(own.encode(seq))).toEqual({ seq })
  })
  fc.assert(property)
})

it('is short and holds no key', () => {
  expect(cursors.encode(1_000_000)).toMatch(/^[\w-]{30}$/)
})

it('refuses a cursor of another log', () => {
  const other = new Cursors('fedcba9876543210', 'a key of the store')
  expect(cursors.decode(other.encode(7))).toEqual(another)
})

it('refuses a position that was sealed with another key', () => {
  expect(cursors.decode(new Cursors(id, 'guessed').encode(7))).toEqual(notOurs)
})

it('refuses every cursor in which one bit was changed', () => {
  const property = fc.property(fc.nat({ max: 22 * 8 - 1 }), fc.nat(), (bit, seq) => {
    const bytes = Buffer.from(cursors.encode(seq), 'base64url')
    bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    expect(cursors.decode(bytes.toString('base64url'))).toHaveProperty('problem')
  })
  fc.assert(property)
})

const made = (text: string): string => Buffer.from(text).toString('base64url')
const cursor = cursors.encode(7)

it.each([
  ['nothing', ''],
  ['garbage', '%%%'],
  ['a number', '7'],
  ['a position without a seal', made(`${id}:7`)],
  ['the shape of one', 'A'.repeat(29)],
  ['padding', `${cursor}==`],
  ['a line feed', `${cursor}\n`],
  ['a character in the middle that decoding would pass over', `${cursor.slice(0, 5)}*${cursor.slice(6)}`],
  ['another ending of the same bytes', `${cursor.slice(0, -1)}${otherEnding(cursor)}`],
  ['a megabyte', 'A'.repeat(1_000_000)],
])('refuses %s', (_, text) => {
  expect(cursors.decode(text)).toEqual(notOurs)
})

it('refuses any text that was not made here', () => {
  const property = fc.property(fc.string(), (text) => {
    expect(cursors.decode(text)).toEqual(notOurs)
  })
  fc.assert(property)
})

/** The last character carries two bits of the last byte, and four that say nothing. */
function otherEnding(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet.charAt(alphabet.indexOf(text.at(-1) ?? '') ^ 1)
}
