import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifySignature, verifyToken } from '../../src/webhooks/verify.ts'

const secret = 'test_app_secret'
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8')
const sign = (body: Uint8Array, key = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`

const compact = '{"object":"whatsapp_business_account","entry":[]}'
const spaced = '{"object": "whatsapp_business_account", "entry": []}'
const escaped =
  '{"object":"whatsapp_business_account","entry":[{"id":"1","time":1739321024,"changes":[{"value":' +
  '{"requested_verified_name":"Gr\\u00fcnwald \\/ S\\u00f6hne"},"field":"phone_number_name_update"}]}]}'

// Computed with another HMAC implementation.
const vectors = [
  [compact, 'dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756'],
  [spaced, '56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a'],
  [escaped, '99a56a02676e55ea443a5b4925946f1c72ed0827208e3badee295682210965eb'],
] as const

describe('a signature', () => {
  it.each(vectors)('over the exact bytes of %s is accepted', (body, hex) => {
    expect(verifySignature(bytes(body), `sha256=${hex}`, [secret])).toBe(true)
  })

  it('of an escaped body does not fit the same data written again by JSON.stringify', () => {
    const twin = bytes(JSON.stringify(JSON.parse(escaped)))
    expect(twin).toHaveLength(183)
    expect(verifySignature(twin, `sha256=${vectors[2][1]}`, [secret])).toBe(false)
    const own = 'sha256=4762052fee47fe3792f0136137ebbfac6b6be2f912a9e92710c87a6ce9545745'
    expect(verifySignature(twin, own, [secret])).toBe(true)
  })

  it('is refused after any one bit of the body has flipped', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.nat(),
        fc.nat(7),
        (body, place, bit) => {
          const header = sign(body)
          const changed = Uint8Array.from(body)
          const index = place % body.length
          changed[index] = (changed[index] ?? 0) ^ (1 << bit)
          expect(verifySignature(body, header, [secret])).toBe(true)
          expect(verifySignature(changed, header, [secret])).toBe(false)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is refused with any one digit changed', () => {
    const header = sign(bytes(compact))
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 15 }), (place, shift) => {
        const at = 'sha256='.length + place
        const digit = ((Number.parseInt(header[at] ?? '', 16) + shift) % 16).toString(16)
        const wrong = header.slice(0, at) + digit + header.slice(at + 1)
        expect(verifySignature(bytes(compact), wrong, [secret])).toBe(false)
      }),
    )
  })

  const right = vectors[0][1]
  it.each([
    ['nothing', undefined],
    ['an empty string', ''],
    ['the hex alone', right],
    ['the old algorithm', 'sha1=fc5983fdf1a4e15c8949b8af05322fede4063d27'],
    ['the old algorithm with the new digest', `sha1=${right}`],
    ['upper case hex', `sha256=${right.toUpperCase()}`],
    ['an upper case name', `SHA256=${right}`],
    ['63 digits', `sha256=${right.slice(1)}`],
    ['65 digits', `sha256=${right}0`],
    ['other letters', `sha256=${right.slice(1)}g`],
    ['two signatures', `sha256=${right}, sha256=${right}`],
    ['a line end', `sha256=${right}\n`],
    ['a blank before', ` sha256=${right}`],
  ])('is refused when the header holds %s', (_, header) => {
    expect(verifySignature(bytes(compact), header, [secret])).toBe(false)
  })

  it('made with a blank secret is refused, even when such a secret is configured', () => {
    for (const blank of ['', ' ', '\t\n']) {
      const header = sign(bytes(compact), blank)
      expect(verifySignature(bytes(compact), header, [blank])).toBe(false)
      expect(verifySignature(bytes(compact), header, [blank, secret])).toBe(false)
    }
    expect(verifySignature(bytes(compact), sign(bytes(compact)), [])).toBe(false)
  })

  it('is accepted with the old and the new secret while both are configured, then only with the new', () => {
    const body = bytes(compact)
    expect(verifySignature(body, sign(body, 'old'), ['old', 'new'])).toBe(true)
    expect(verifySignature(body, sign(body, 'new'), ['old', 'new'])).toBe(true)
    expect(verifySignature(body, sign(body, 'old'), ['new'])).toBe(false)
  })
})

describe('a verify token', () => {
  it('is accepted when it is one of the expected, of whatever length', () => {
    expect(verifyToken('b', ['a-much-longer-token', 'b'])).toBe(true)
    expect(verifyToken('a-much-longer-token', ['a-much-longer-token', 'b'])).toBe(true)
  })

  it.each([undefined, '', ' ', 'B', 'bb'])('is refused when it is %j', (given) => {
    expect(verifyToken(given, ['b', '', ' '])).toBe(false)
  })
})
