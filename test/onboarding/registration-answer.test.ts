import { describe, expect, it } from 'vitest'
import { extraOf, pinSetBy } from '../../src/phone-numbers/register.ts'

describe('the answer to a registration', () => {
  it.each<[string, object, object | null]>([
    ['nothing more than success', { success: true }, null],
    ['a key that no page names', { success: true, pin_reset: false }, { pin_reset: false }],
    [
      'the PIN itself',
      { success: true, note: 'PIN 271828 kept', at: 1_271_828 },
      { note: 'PIN PIN kept', at: '1PIN' },
    ],
    ['more than is worth keeping', { success: true, long: 'x'.repeat(3000) }, null],
  ])('is kept beside %s as far as it goes', (_, answer, extra) => {
    expect(extraOf(answer, '271828')).toEqual(extra)
  })

  it.each<[object | null, false | null]>([
    [null, null],
    [{ pin_reset: false }, false],
    [{ two_step_pin_was_set: 'false' }, false],
    [{ pin_not_reset: true }, false],
    [{ pin_unchanged: true }, false],
    [{ pin_reset: true }, null],
    [{ pin_not_reset: false }, null],
    [{ account: { pin: false } }, null],
    [{ number: 'one' }, null],
  ])('%j never says that a PIN was set', (extra, said) => {
    expect(pinSetBy(extra as Record<string, unknown> | null)).toBe(said)
  })
})
