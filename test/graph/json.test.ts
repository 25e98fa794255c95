import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseGraphJson } from '../../src/graph/answer.ts'

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
})
