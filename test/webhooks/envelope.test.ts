import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEnvelope } from '../../src/webhooks/envelope.ts'
import { parseLossless } from '../../src/lib/json.ts'

const whatsapp = 'whatsapp_business_account'
const post = (entry: unknown): string => JSON.stringify({ object: whatsapp, entry })
const change = (n: number): object => ({ field: 'account_update', value: { event: 'ACCOUNT_DELETED', n } })

describe('an envelope', () => {
  it('gives every change of every entry, each with its own text', () => {
    const text =
      '{"entry" : [ {"changes":[ {"value":{"a": [1, "]}"]},"field":"x"} , {"field":"y","value":null}],' +
      '"id":"1","time":5},\n{"id":7,"time":"1739321024","changes":[{"field":"z","value":"\\u00fc"}]}],"object":"page"}'
    expect(parseEnvelope(text)).toEqual({
      object: 'page',
      malformed: [],
      changes: [
        {
          entryId: '1',
          entryTime: 5,
          field: 'x',
          value: { a: [1, ']}'] },
          raw: '{"value":{"a": [1, "]}"]},"field":"x"}',
        },
        { entryId: '1', entryTime: 5, field: 'y', value: null, raw: '{"field":"y","value":null}' },
        {
          entryId: '7',
          entryTime: 1739321024,
          field: 'z',
          value: 'ü',
          raw: '{"field":"z","value":"\\u00fc"}',
        },
      ],
    })
  })

  it('keeps ids beyond 2^53 that were sent as numbers', () => {
    const text =
      '{"object":"whatsapp_business_account","entry":[{"id":12345678901234567890,"time":1,' +
      '"changes":[{"field":"f","value":{"id":98765432109876543210}}]}]}'
    const [only] = parseEnvelope(text).changes
    expect(only).toMatchObject({ entryId: '12345678901234567890', value: { id: '98765432109876543210' } })
  })

  it.each([null, -1, 1.5, 1e15, '', 'soon', '17393210240000', [1], { at: 1 }, true])(
    'has no time when %j stands there',
    (time) => {
      const [only] = parseEnvelope(post([{ id: '1', time, changes: [change(1)] }])).changes
      expect(only?.entryTime).toBeNull()
    },
  )

  it.each([
    ['body is not JSON', ''],
    ['body is not JSON', '{"entry":['],
    ['body is not JSON', 'entry=1'],
    ['body is not an object', '[]'],
    ['body is not an object', 'null'],
    ['body is not an object', '"entry"'],
    ['body is not an object', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['body has no entry list', '{}'],
    ['body has no entry list', '{"entry":{}}'],
    ['body has no entry list', '{"__proto__":{"entry":[]}}'],
  ])('with %s is one malformed piece with its whole text', (reason, text) => {
    const envelope = parseEnvelope(text)
    expect(envelope.changes).toEqual([])
    expect(envelope.malformed).toEqual([{ reason, entryId: null, entryTime: null, raw: text }])
  })

  it.each([
    ['change is not an object', 'null'],
    ['change is not an object', '[{"field":"x","value":1}]'],
    ['change is not an object', '12345678901234567890'],
    ['change has no field name', '{"value":1}'],
    ['change has no field name', '{"field":7,"value":1}'],
    ['change has no field name', '{"field":"","value":1}'],
    ['change has no field name', '{"field":"a\\nb","value":1}'],
    ['change has no field name', `{"field":"${'x'.repeat(101)}","value":1}`],
    ['change has no value', '{"field":"x"}'],
    ['change is nested too deeply', `{"field":"x","value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['change is nested too deeply', `{"field":"x","value":${'{"a":'.repeat(70)}1${'}'.repeat(70)}}`],
  ])('loses nothing to a neighbour where %s', (reason, bad) => {
    const good = Array.from({ length: 999 }, (_, n) => JSON.stringify(change(n)))
    const items = [...good.slice(0, 500), bad, ...good.slice(500)].join(',')
    const { changes, malformed } = parseEnvelope(
      `{"object":"${whatsapp}","entry":[{"id":"5","time":9,"changes":[${items}]}]}`,
    )
    expect(changes.map(({ value }) => (value as { n: number }).n)).toEqual(
      Array.from({ length: 999 }, (_, n) => n),
    )
    expect(malformed).toEqual([{ reason, entryId: '5', entryTime: 9, raw: bad }])
  })

  it('loses no entry to a bad one', () => {
    const entries = [7, { id: '1' }, { id: '2', changes: [change(1)] }, { id: '3', time: 4, changes: {} }]
    const { changes, malformed } = parseEnvelope(post(entries))
    expect(changes.map(({ entryId }) => entryId)).toEqual(['2'])
    expect(malformed.map(({ reason, entryId }) => [reason, entryId])).toEqual([
      ['entry is not an object', null],
      ['entry has no list of changes', '1'],
      ['entry has no list of changes', '3'],
    ])
  })

  it('reads a repeated key as JSON.parse does, escaped or not', () => {
    const text =
      '{"entry":[1,2,3],"object":"a","\\u0065ntry":[{"changes":"x","changes":[{"field":"f","value":1}]}]}'
    expect(parseEnvelope(text)).toMatchObject({ changes: [{ field: 'f', value: 1 }], malformed: [] })
  })

  it('says once that there are too many malformed pieces', () => {
    const { malformed } = parseEnvelope(post(Array.from({ length: 50_000 }, () => 1)))
    expect(malformed).toHaveLength(1001)
    expect(malformed.at(-1)?.reason).toBe('too many malformed pieces')
  })

  it('is read a few times at most, however many of its changes are bad or are asked for their text', () => {
    const bad = post([{ id: '1', changes: Array.from({ length: 200_000 }, () => 1) }])
    expect(lookupsOf(() => void parseEnvelope(bad))).toBeLessThan(20 * bad.length)
    const good = post([{ id: '1', changes: Array.from({ length: 2_000 }, (_, n) => change(n)) }])
    const readAll = (): void =>
      parseEnvelope(good).changes.forEach(({ raw }) => expect(raw).toContain('field'))
    expect(lookupsOf(readAll)).toBeLessThan(20 * good.length)
  })

  it('gives the text of changes of several entries in any order', () => {
    const { changes } = parseEnvelope(
      post([{ changes: [change(1), change(2)] }, { changes: [change(3), change(4)] }]),
    )
    const raws = [3, 0, 2, 1].map((at) => changes[at]?.raw)
    expect(raws).toEqual([4, 1, 3, 2].map((n) => JSON.stringify(change(n))))
  })

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseEnvelope(text)))
    fc.assert(fc.property(fc.json(), (text) => void parseEnvelope(text)))
    const anything = fc.jsonValue({ maxDepth: 3 })
    const item = fc.oneof(anything, fc.record({ field: anything, value: anything }, { requiredKeys: [] }))
    const list = fc.oneof(anything, fc.array(item))
    const entry = fc.record({ id: anything, time: anything, changes: list }, { requiredKeys: [] })
    fc.assert(
      fc.property(fc.array(fc.oneof(anything, entry)), fc.boolean(), (entries, isIndented) => {
        const body = { object: whatsapp, entry: entries }
        const { changes, malformed } = parseEnvelope(JSON.stringify(body, null, isIndented ? 2 : 0))
        for (const { raw, field } of changes) expect(parseLossless(raw)).toMatchObject({ field })
        for (const { raw } of malformed) expect(() => JSON.parse(raw) as unknown).not.toThrow()
      }),
    )
  })
})

/** How many characters of texts are looked at meanwhile: the work, whatever the machine. */
function lookupsOf(work: () => void): number {
  const texts: { charCodeAt: (this: string, at: number) => number } = String.prototype
  const { charCodeAt } = texts
  let lookups = 0
  texts.charCodeAt = function (at) {
    lookups += 1
    return charCodeAt.call(this, at)
  }
  try {
    work()
  } finally {
    texts.charCodeAt = charCodeAt
  }
  return lookups
}
