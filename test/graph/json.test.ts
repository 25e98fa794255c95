import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseGraphJson } from '../../src/graph/answer.ts'
import { isNestedDeeper } from '../../src/lib/json.ts'

/** Lists and objects in turn, so many in each other. */
const nested = (levels: number): string =>
  levels === 0 ? '1' : levels % 2 === 0 ? `[${nested(levels - 1)}]` : `{"a":${nested(levels - 1)}}`

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

describe('JSON of Graph', () => {
  test('keeps every digit of an id that comes as a bare number', () => {
    const text =
      '{"id":10153848260347725,"list":[9007199254740993,-9007199254740993],"data":{"n":99999999999999999999}}'
    expect(parseGraphJson(text)).toEqual({
      id: '10153848260347725',
      list: ['9007199254740993', '-9007199254740993'],
      data: { n: '99999999999999999999' },
    })
  })

  test('leaves safe integers, fractions and exponents as numbers, and digits in strings as strings', () => {
    const text = '{"a":9007199254740991,"b":1.1234567890123456789,"c":1e21,"d":"10153848260347725","e":-0}'
    expect(parseGraphJson(text)).toEqual({
      a: 9007199254740991,
      b: 1.1234567890123457,
      c: 1e21,
      d: '10153848260347725',
      e: -0,
    })
  })

  test('tolerates a byte order mark', () => {
    expect(parseGraphJson('\uFEFF{"a":1}')).toEqual({ a: 1 })
  })

  test('does not let a key reach the prototype', () => {
    const value = parseGraphJson('{"__proto__":{"polluted":1234567890123456789}}') as Record<string, unknown>
    expect(value['polluted']).toBeUndefined()
    expect(Object.keys(value)).toEqual(['__proto__'])
  })

  test('agrees with JSON.parse on everything that has no large integer', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/[0-9]{16}/.test(text))
        expect(parseGraphJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('gives any integer back with the digits that were sent', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.stringMatching(/^[ \t\r\n]*$/), (number, space) => {
        const text = `${space}[${space}${number}${space},${space}{"id"${space}:${space}${number}}]`
        const [first, second] = parseGraphJson(text) as [unknown, { id: unknown }]
        expect([String(first), String(second.id)]).toEqual([String(number), String(number)])
      }),
    )
  })

  test('is not parsed when it is nested deeper than any answer of Graph', () => {
    expect(depthOf(parseGraphJson(nested(64)))).toBe(64)
    expect(() => parseGraphJson(nested(65))).toThrow(SyntaxError)
    const [lists, objects] = ['['.repeat(1_000_000), '{"a":'.repeat(500_000)]
    expect(() => parseGraphJson(`${lists}${']'.repeat(1_000_000)}`)).toThrow('nested too deeply')
    expect(() => parseGraphJson(`${objects}1${'}'.repeat(500_000)}`)).toThrow('nested too deeply')
  })

  test('may hold any brackets in its texts', () => {
    const text = JSON.stringify({ message: '"{['.repeat(1_000), '{{[[': '\\"{' })
    expect(parseGraphJson(text)).toEqual(JSON.parse(text))
  })

  test('has the depth of its lists and objects, whatever its texts hold', () => {
    const anything = fc.json({ stringUnit: fc.constantFrom('"', '\\', '{', '[', ']', '}', 'a') })
    fc.assert(
      fc.property(anything, fc.nat(6), (text, levels) => {
        expect(isNestedDeeper(text, levels)).toBe(depthOf(JSON.parse(text)) > levels)
      }),
    )
  })
})
