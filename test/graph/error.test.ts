import { describe, expect, test } from 'vitest'
import { classify, type GraphErrorKind } from '../../src/graph/error.ts'

const CODES: readonly [GraphErrorKind, readonly number[]][] = [
  ['throttled', [4, 17, 32, 341, 613, 80007, 80008, 130429, 131056, 133016]],
  ['token', [0, 102, 104, 190, 452]],
  ['permission', [3, 10, 200, 250, 299, 368, 131005, 131031]],
  ['not-found', [33, 803]],
  ['unavailable', [1, 2, 131000, 131016, 131057, 133004, 2494100]],
  ['invalid', [100, 3962, 131008, 131009, 131042, 132000, 132069, 133010, 1752041, 2388103]],
]

describe('the kind of an error', () => {
  test.each(CODES.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)))(
    'code %i is %s, whatever status and hint say',
    (code, kind) => {
      for (const status of [200, 400, 401, 404, 429, 500, 503]) {
        expect(classify(code, undefined, status, false)).toBe(kind)
        expect(classify(code, undefined, status, true)).toBe(kind)
      }
    },
  )

  test('code 100 with subcode 33 is the answer for what does not exist or is not ours', () => {
    expect(classify(100, 33, 400, false)).toBe('not-found')
    expect(classify(100, 34, 400, false)).toBe('invalid')
  })

  test.each([
    [500, false, 'unavailable'],
    [503, false, 'unavailable'],
    [429, false, 'throttled'],
    [401, false, 'token'],
    [403, false, 'permission'],
    [404, false, 'not-found'],
    [400, false, 'invalid'],
    [400, true, 'unavailable'],
    [200, false, 'invalid'],
  ] as const)('an unknown code with HTTP %i and is_transient %s is %s', (status, hint, kind) => {
    expect(classify(987654, undefined, status, hint)).toBe(kind)
    expect(classify(undefined, undefined, status, hint)).toBe(kind)
  })
})
