import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  callsOf,
  countCall,
  learn,
  meteringOf,
  NO_CALLS,
  usedPercent,
  type Allowance,
  NEW_BUDGET,
  standingOf,
  worst,
  type Budget,
  type BudgetStanding,
  cooldownScope,
  cooldownAfter,
  mayLeaveNow,
  type BudgetRequest,
} from '../../src/graph/budget/budget.ts'
import { GraphError } from '../../src/graph/error.ts'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

const throttled = (code?: number) => new GraphError('throttled', 'wait', { code })

const standing = (percent: number, guess = percent): BudgetStanding => ({ cooldown: null, percent, guess })
const wish = (more: Partial<BudgetRequest> = {}): BudgetRequest => ({
  now: NOW,
  isRead: true,
  priority: 'foreground',
  slowestMs: 1000,
  ...more,
})

describe('the verdict on a call', () => {
  test.each([
    [0, 'go', 'go', 'go'],
    [80, 'go', 'go', 'go'],
    [81, 'go', 'go', 'stop'],
    [90, 'go', 'go', 'stop'],
    [93, 'slow', 'go', 'stop'],
    [95, 'stop', 'go', 'stop'],
    [99.9, 'stop', 'go', 'stop'],
    [100, 'stop', 'stop', 'stop'],
  ])('at %d percent: a read may %s, a change %s, background work %s', (percent, read, change, background) => {
    const word = (more: Partial<BudgetRequest>) => {
      const verdict = mayLeaveNow(standing(percent), wish(more))
      if (!verdict.go) return 'stop'
      return verdict.waitMs > 0 ? 'slow' : 'go'
    }
    expect(word({})).toBe(read)
    expect(word({ isRead: false })).toBe(change)
    expect(word({ priority: 'change' })).toBe(change)
    expect(word({ priority: 'background' })).toBe(background)
  })

  test('lets a guess stop background work only', () => {
    expect(mayLeaveNow(standing(0, 90), wish({ priority: 'background' })).go).toBe(false)
    expect(mayLeaveNow(standing(0, 90), wish()).go).toBe(true)
    expect(mayLeaveNow(standing(0, 400), wish({ isRead: false })).go).toBe(true)
  })

  test('says for how long, in whole seconds, and what Graph said', () => {
    const error = throttled(80008)
    const cooldown = { until: NOW + 1500, strikes: 1, error }
    expect(mayLeaveNow({ cooldown, percent: 0, guess: 0 }, wish())).toEqual({
      go: false,
      seconds: 2,
      said: error,
    })
    expect(mayLeaveNow(standing(96), wish())).toEqual({ go: false, seconds: 36, said: null })
  })

  test('is never kinder to more use, to background work, or to a read than to a write', () => {
    const percents = fc.double({ min: 0, max: 200, noNaN: true })
    const rank = (at: BudgetStanding, more: Partial<BudgetRequest>) => {
      const verdict = mayLeaveNow(at, wish(more))
      return verdict.go ? verdict.waitMs : Infinity
    }
    fc.assert(
      fc.property(percents, percents, fc.boolean(), (one, two, isRead) => {
        const [less, more] = [Math.min(one, two), Math.max(one, two)]
        expect(rank(standing(less), { isRead })).toBeLessThanOrEqual(rank(standing(more), { isRead }))
        expect(rank(standing(one), { isRead: false })).toBeLessThanOrEqual(rank(standing(one), {}))
        const background = rank(standing(one, two), { isRead, priority: 'background' })
        expect(background).toBeGreaterThanOrEqual(rank(standing(one, two), { isRead }))
        const slow = rank(standing(one), { isRead })
        if (slow !== Infinity) expect(slow).toBeLessThanOrEqual(1000)
      }),
    )
  })
})

describe('a throttle code', () => {
  test.each([
    [4, 'kind'],
    [341, 'kind'],
    [17, 'token'],
    [32, 'token'],
    [613, 'token'],
    [80007, 'object'],
    [80008, 'object'],
    [130429, 'object'],
    [undefined, 'object'],
    [133016, null],
    [131056, null],
  ] as const)('%s stops its %s', (code, scope) => {
    expect(cooldownScope(throttled(code))).toBe(scope)
  })

  test('is none when the error is another', () => {
    expect(cooldownScope(new GraphError('invalid', 'x', { code: 4 }))).toBeNull()
  })

  test('stops for as long as Graph says', () => {
    expect(cooldownAfter(null, throttled(80008), NOW, 420).until).toBe(NOW + 420_000)
  })

  test('stops for a minute when Graph does not say, then for two, up to an hour', () => {
    let cooldown = cooldownAfter(null, throttled(4), NOW, undefined)
    const waits = [cooldown.until - NOW]
    for (let round = 0; round < 8; round++) {
      const now = cooldown.until
      cooldown = cooldownAfter(cooldown, throttled(4), now, undefined)
      waits.push(cooldown.until - now)
    }
    expect(waits.map((wait) => wait / MINUTE)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  })

  test('is one strike when many that were under way together get it, and never shortens the stop', () => {
    const first = cooldownAfter(null, throttled(80008), NOW, 600)
    const second = cooldownAfter(first, throttled(80008), NOW + 10, undefined)
    expect(second).toMatchObject({ strikes: 1, until: NOW + 600_000 })
  })
})

describe('an allowance', () => {
  const used = (calls: number, metering: 'perhaps' | 'account' = 'account', start = NO_CALLS): Allowance =>
    Array.from({ length: calls }).reduce<Allowance>((sum) => countCall(sum, NOW, metering), start)

  test('counts the calls that the limits are about', () => {
    expect(meteringOf('GET', ['1'])).toBe('perhaps')
    expect(meteringOf('POST', ['1'])).toBe('no')
    for (const edge of ['assigned_users', 'phone_numbers', 'message_templates', 'subscribed_apps']) {
      expect(meteringOf('GET', ['1', edge])).toBe('account')
    }
    expect(meteringOf('POST', ['1', 'subscribed_apps'])).toBe('account')
    expect(meteringOf('GET', ['1', 'solutions'])).toBe('no')
    expect(meteringOf('GET', ['1', 'whatsapp_business_solutions'])).toBe('no')
  })

  test('takes the higher limit where nothing is known, and the lower one as a guess', () => {
    expect(usedPercent(used(100), NOW)).toEqual({ sure: 2, guess: 50 })
  })

  test('is sure of nothing about an object that may be no account', () => {
    expect(usedPercent(used(5000, 'perhaps'), NOW)).toEqual({ sure: 0, guess: 2500 })
  })

  test('knows the higher limit once more than 200 calls were answered', () => {
    expect(usedPercent(learn(used(200), NOW, false), NOW).guess).toBe(100)
    expect(usedPercent(learn(used(201), NOW, false), NOW).guess).toBeCloseTo(4.02)
  })

  test('knows the lower limit once Graph refused within 200 calls, for an hour', () => {
    const idle = learn(used(190), NOW, true)
    expect(usedPercent(idle, NOW).sure).toBe(95)
    expect(usedPercent(learn(used(300), NOW, true), NOW).sure).toBe(6)
    const later = used(190, 'account', idle)
    expect(usedPercent(later, NOW + HOUR).sure).toBe(0)
  })

  test('counts exactly the calls of the last hour, to the minute, and keeps sixty figures at most', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { maxLength: 60 })
    fc.assert(
      fc.property(gaps, (steps) => {
        let now = NOW
        const times: number[] = []
        let allowance = NO_CALLS
        for (const step of steps) {
          now += step
          times.push(now)
          allowance = countCall(allowance, now, 'perhaps')
        }
        const minute = (time: number) => Math.floor(time / MINUTE)
        const recent = times.filter((time) => minute(time) > minute(now) - 60)
        expect(callsOf(allowance, now)).toBe(recent.length)
        expect(allowance.minutes.length).toBeLessThanOrEqual(60)
        expect(callsOf(allowance, now + HOUR)).toBe(0)
      }),
    )
  })
})

describe('where a budget stands', () => {
  const said = (percent: number, at = NOW): Budget => ({ ...NEW_BUDGET, usage: { percent, at } })

  test('is what Graph said, less with each minute since', () => {
    expect(standingOf(said(85), NOW).percent).toBe(85)
    expect(standingOf(said(85), NOW + 3 * MINUTE).percent).toBe(80)
    expect(standingOf(said(85), NOW + HOUR).percent).toBe(0)
  })

  test('is no guess once Graph has spoken', () => {
    const allowance: Allowance = { ...NO_CALLS, minutes: [[Math.floor(NOW / MINUTE), 190]] }
    expect(standingOf({ ...NEW_BUDGET, allowance }, NOW).guess).toBe(95)
    expect(standingOf({ ...said(4), allowance }, NOW).guess).toBe(4)
  })

  test('is free when a stop has ended, whatever was said before its end', () => {
    const cooldown = { until: NOW + HOUR / 6, strikes: 1, error: throttled(80008) }
    const budget = { ...said(100), cooldown }
    expect(standingOf(budget, NOW).cooldown).toBe(cooldown)
    expect(standingOf(budget, cooldown.until)).toEqual({ cooldown: null, percent: 0, guess: 0 })
  })

  test('of several is the worst of each', () => {
    const short = { until: NOW + 1, strikes: 1, error: throttled(4) }
    const long = { ...short, until: NOW + 2 }
    expect(
      worst([
        standing(10, 90),
        { cooldown: long, percent: 3, guess: 3 },
        { cooldown: short, percent: 20, guess: 20 },
      ]),
    ).toEqual({ cooldown: long, percent: 20, guess: 90 })
    expect(worst([])).toEqual(standing(0))
  })
})
