import { describe, expect, test } from 'vitest'
import { redact } from '../../src/graph/answer.ts'

describe('a foreign text in a message', () => {
  test.each([
    ['Invalid token EAAGm0PX4ZCpsBAKZBZAx here', 'Invalid token [redacted] here'],
    ['GET /x?access_token=abc123&fields=id failed', 'GET /x?[redacted]&fields=id failed'],
    ['header "Bearer abc.def" refused', 'header "[redacted]" refused'],
    ['app 637576208107267|sEcReT_value-1 unknown', 'app [redacted] unknown'],
    ['{"appsecret_proof":"0a1b2c","x":1}', '{"appsecret_proof":"[redacted]","x":1}'],
    ['two\r\nlines', 'two lines'],
  ])('%j becomes %j', (text, clean) => {
    expect(redact(text)).toBe(clean)
  })

  test('loses the secrets of the call, whatever they look like', () => {
    expect(redact('I know opaque~token!', ['opaque~token!'])).toBe('I know [redacted]')
  })

  test('is cut to 1000 characters, after the secrets have gone', () => {
    const text = redact(`${'x '.repeat(490)}secret-of-this-call ${'y'.repeat(9000)}`, ['secret-of-this-call'])
    expect(text.length).toBeLessThanOrEqual(1000)
    expect(text).not.toContain('secret-of')
  })

  test('costs little, however large', () => {
    expect(redact('1'.repeat(4_000_000))).toBe('…')
  })
})
