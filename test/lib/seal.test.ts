import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Sealer, type Binding, digestOfSecret } from '../../src/lib/seal.ts'

const key = (): string => randomBytes(32).toString('base64')
const bindings = fc.tuple(fc.string(), fc.string(), fc.string()).map((parts): Binding => parts)
const secret = Buffer.from('EAAB-a-token')
const bound: Binding = ['token', '1', '2']

describe('a sealed secret', () => {
  it('is opened by who has the key and knows what it belongs to', () => {
    const sealer = new Sealer([key()])
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bindings, (bytes, binding) => {
        const opened = sealer.open(sealer.seal(bytes, binding), binding)
        expect(opened).toEqual({ bytes: Buffer.from(bytes), isCurrent: true })
      }),
    )
  })

  it('is not opened as anything else, however alike the names are when they are put together', () => {
    const sealer = new Sealer([key()])
    const splits = fc.tuple(fc.string({ maxLength: 6 }), fc.nat(6), fc.nat(6)).map(([text, one, two]) => {
      const cut = (at: number): Binding => ['token', text.slice(0, at), text.slice(at)]
      return [cut(one), cut(two)] as const
    })
    fc.assert(
      fc.property(splits, ([mine, other]) => {
        fc.pre(JSON.stringify(mine) !== JSON.stringify(other))
        expect(sealer.open(sealer.seal(secret, mine), other)).toBeNull()
        expect(digestOfSecret(...mine)).not.toBe(digestOfSecret(...other))
      }),
    )
  })

  it('is not opened when one bit of it has changed, or when it was cut', () => {
    const sealer = new Sealer([key()])
    const { keyId, bytes } = sealer.seal(secret, bound)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(sealer.open({ keyId, bytes: changed }, bound)).toBeNull()
    }
    for (let end = 0; end < bytes.length; end++)
      expect(sealer.open({ keyId, bytes: bytes.subarray(0, end) }, bound)).toBeNull()
  })

  it('is another one each time, and does not hold the secret', () => {
    const sealer = new Sealer([key()])
    const sealed = Array.from({ length: 100 }, () => Buffer.from(sealer.seal(secret, bound).bytes))
    expect(new Set(sealed.map((bytes) => bytes.toString('hex'))).size).toBe(100)
    expect(new Set(sealed.map((bytes) => bytes.subarray(0, 12).toString('hex'))).size).toBe(100)
    expect(sealed.some((bytes) => bytes.includes(secret))).toBe(false)
  })
})

describe('a key', () => {
  it('that was the first opens while it is the second, and says that it is not the one of today', () => {
    const [old, next] = [key(), key()]
    const sealed = new Sealer([old]).seal(secret, bound)
    expect(new Sealer([next, old]).open(sealed, bound)).toEqual({ bytes: secret, isCurrent: false })
    expect(new Sealer([next]).open(sealed, bound)).toBeNull()
    expect(new Sealer([next, old]).seal(secret, bound).keyId).not.toBe(sealed.keyId)
  })

  it('is not told by its name', () => {
    const given = key()
    const { keyId } = new Sealer([given])
    expect(Buffer.from(given, 'base64').toString('hex')).not.toContain(keyId)
    expect(new Sealer([given]).keyId).toBe(keyId)
  })
})
