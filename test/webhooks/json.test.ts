import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLossless } from '../../src/lib/json.ts'
import { canonical, maxDepth } from '../../src/webhooks/canonical.ts'

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('lossless parsing', () => {
  it('keeps every digit of integers that JavaScript cannot hold', () => {
    expect(parseLossless('{"a":9007199254740993,"b":[-12345678901234567890],"c":9007199254740991}')).toEqual({
      a: '9007199254740993',
      b: ['-12345678901234567890'],
      c: 9007199254740991,
    })
    expect(parseLossless('9007199254740992')).toBe('9007199254740992')
    expect(parseLossless('{"a":1e999}')).toEqual({ a: '1e999' })
  })

  it('keeps any integer, as a number or as a string of the same digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (n) => {
        expect(String(parseLossless(`[${n}]`))).toBe(String(n))
      }),
    )
  })

  it('reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text))
        expect(parseLossless(text)).toEqual(JSON.parse(text))
      }),
    )
    const inStrings = '{"a":"\\\\\\" , 12345678901234567890 ","12345678901234567890":"x\\\\","b":1.25e-7}'
    expect(parseLossless(inStrings)).toEqual(JSON.parse(inStrings))
  })

  it.each(['', '{', '[00000000000000000001]', '{12345678901234567890:1}', '[--12345678901234567890]'])(
    'refuses %j as JSON.parse does',
    (text) => expect(() => parseLossless(text)).toThrow(SyntaxError),
  )

  it('survives any depth, with long numbers inside too', () => {
    expect(Array.isArray(parseLossless(nested(100_000)))).toBe(true)
    const bomb = '['.repeat(100_000) + '12345678901234567890' + ']'.repeat(100_000)
    expect(Array.isArray(parseLossless(bomb))).toBe(true)
  })

  it('leaves a __proto__ key as data', () => {
    const value = parseLossless('{"__proto__":{"event":12345678901234567890}}')
    expect(Object.keys(value as object)).toEqual(['__proto__'])
    expect((value as { event?: unknown }).event).toBeUndefined()
    expect(canonical(value)).toBe('{"__proto__":{"event":"12345678901234567890"}}')
    expect(({} as { event?: unknown }).event).toBeUndefined()
  })
})

describe('canonical text', () => {
  it('is the same for any order of keys', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed)
      if (typeof value !== 'object' || value === null) return value
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, member]) => [key, reversed(member)]),
      )
    }
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const value: unknown = JSON.parse(text)
        expect(canonical(reversed(value))).toBe(canonical(value))
        expect(JSON.parse(canonical(value))).toEqual(value)
      }),
    )
  })

  it('differs for different data', () => {
    const texts = ['1', '"1"', 'null', '[]', '{}', '[1]', '[[1]]', '{"a":1}', '{"a":[1]}', '[1,2]', '[2,1]']
    expect(new Set(texts.map((text) => canonical(JSON.parse(text)))).size).toBe(texts.length)
  })

  it('refuses nesting beyond its limit in place of exhausting the stack', () => {
    expect(canonical(JSON.parse(nested(maxDepth)))).toBe(nested(maxDepth))
    expect(() => canonical(JSON.parse(nested(maxDepth + 1)))).toThrow(RangeError)
    expect(() => canonical(JSON.parse(nested(100_000)))).toThrow('nested deeper')
  })
})
