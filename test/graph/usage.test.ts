import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseUsage } from '../../src/graph/budget/usage.ts'

describe('the usage headers', () => {
  test('give the highest percentage and the longest wait, whatever the case of their names', () => {
    const usage = parseUsage({
      'X-App-Usage': '{"call_count":28,"total_time":25,"total_cputime":25}',
      'x-business-use-case-usage':
        '{"506914307656634":[{"type":"pages","call_count":100,"total_cputime":25,"total_time":26,"estimated_time_to_regain_access":19}]}',
    })
    expect(usage.maxPercent).toBe(100)
    expect(usage.regainSeconds).toBe(19 * 60)
    expect(usage.entries).toEqual([
      {
        source: 'app',
        key: null,
        type: null,
        callCount: 28,
        totalTime: 25,
        totalCpuTime: 25,
        regainSeconds: null,
      },
      {
        source: 'business',
        key: '506914307656634',
        type: 'pages',
        callCount: 100,
        totalTime: 26,
        totalCpuTime: 25,
        regainSeconds: 1140,
      },
    ])
  })

  test('count every entry of a key that is written twice', () => {
    const header = '{"1":[{"call_count":95}], "1" : [{"call_count":10}]}'
    const usage = parseUsage({ 'X-Business-Use-Case': header })
    expect(usage.maxPercent).toBe(95)
    expect(usage.entries.map((entry) => entry.key)).toEqual(['1', '1'])
  })

  test.each(['', '{', 'null', '[]', '7', '{"1":7}', '{"1":[null,3]}', 'call_count=4'])(
    'that make no sense (%j) count as not sent',
    (header) => {
      const usage = parseUsage({ 'x-business-use-case-usage': header })
      expect(usage).toEqual({ maxPercent: 0, regainSeconds: null, entries: [] })
    },
  )

  test('never throw and never give less than nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (header) => {
        const usage = parseUsage({ 'x-app-usage': [header, header], 'x-business-use-case-usage': header })
        expect(usage.maxPercent).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
