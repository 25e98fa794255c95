import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact } from '../../src/graph/answer.ts'
import { createScrubber } from '../../src/log.ts'
import { metaTexts } from './texts.ts'

/** As texts reach a log: within an object, and within a text in it. */
const inLog =
  (scrub: (line: string) => string) =>
  (text: string): string => {
    const line = JSON.parse(
      scrub(JSON.stringify({ err: { message: text }, body: JSON.stringify({ text }) })),
    ) as {
      err: { message: string }
      body: string
    }
    expect((JSON.parse(line.body) as { text: string }).text).toBe(line.err.message)
    return line.err.message
  }
const scrub = inLog(createScrubber([]))

describe('what Meta says', () => {
  it.each(metaTexts)('stays whole in messages and in the log: %s', (text) => {
    expect(redact(text)).toBe(text)
    expect(scrub(text)).toBe(text)
  })

  it('stays whole, whatever comes together', () => {
    const several = fc.array(fc.constantFrom(...metaTexts), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(several, fc.constantFrom(' ', '. ', ' (', '; ', ': '), (texts, between) => {
        const text = texts.join(between)
        fc.pre(text.length <= 1000)
        expect(redact(text)).toBe(text)
        expect(scrub(text)).toBe(text)
      }),
    )
  })
})

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const alphanumeric = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...letters), minLength, maxLength })
/** Without sense: it has letters and digits. */
const opaque = fc.tuple(alphanumeric(8, 60), alphanumeric(8, 60)).map(([head, tail]) => `${head}7q${tail}`)
const hex = (bytes: 32 | 64) =>
  fc.string().map((text) => createHash('sha256').update(text).digest('hex').slice(0, bytes))
const appId = fc.bigInt({ min: 10n ** 9n, max: 10n ** 17n }).map(String)

interface Planted {
  /** As it stands in the text. */
  readonly text: string
  /** What is left of that; MARK where something was cut. */
  readonly left: string
  readonly credential: string
}
const whole = (arbitrary: fc.Arbitrary<string>) =>
  arbitrary.map((credential): Planted => ({ text: credential, left: 'MARK', credential }))
const after = (before: string, arbitrary: fc.Arbitrary<string>, end = '') =>
  arbitrary.map((credential): Planted => ({
    text: `${before}${credential}${end}`,
    left: before.endsWith('=') ? `MARK${end}` : `${before}MARK${end}`,
    credential,
  }))

const names = [
  'access_token',
  'appsecret_proof',
  'client_secret',
  'input_token',
  'verify_token',
  'fb_exchange_token',
]

/** Known by their looks, or by the name before them. */
const anywhere = fc.oneof(
  whole(alphanumeric(20, 200).map((tail) => `EAA${tail}`)),
  whole(fc.tuple(appId, alphanumeric(20, 40)).map((parts) => parts.join('|'))),
  whole(opaque.map((value) => `Bearer ${value}`)),
  ...names.map((name) => after(`${name}=`, opaque)),
  after('access token: ', opaque),
  after('Access Token: ', hex(64), '.'),
  after('the app secret "', opaque, '"'),
  after('token ', opaque),
  after('{"access_token":"', opaque, '"}'),
  after("{'appsecret_proof': '", hex(64), "'}"),
)
/** Known by nothing else than that no word is like it; lines of our own log have digests. */
const inMessages = fc.oneof(
  whole(hex(32)),
  whole(hex(64)),
  whole(alphanumeric(40, 200).map((text) => `x9${text}`)),
)

const sentence = fc.constantFrom(...metaTexts.filter((text) => text.length < 200))
/** Between two words of a sentence of Meta's. */
const place = fc.tuple(sentence, fc.nat()).map(([text, at]) => {
  const spaces = [
    0,
    ...[...text.matchAll(/(?<=[a-z])(?<!Bearer|token|secret|proof) (?=[a-z])/gi)].map(
      ({ index }) => index + 1,
    ),
    text.length,
  ]
  const index = spaces[at % spaces.length] ?? 0
  return [text.slice(0, index), text.slice(index)] as const
})

const join = ([head, tail]: readonly [string, string], middle: string): string =>
  `${head}${head === '' || head.endsWith(' ') ? '' : ', '}${middle}${tail === '' ? '' : ` ${tail}`}`

describe('a credential in it', () => {
  it('is cut out of a message, and every other word stays', () => {
    fc.assert(
      fc.property(place, fc.oneof(anywhere, inMessages), (around, { text, left, credential }) => {
        const clean = redact(join(around, text))
        expect(clean).not.toContain(credential)
        expect(clean).toBe(join(around, left).replace('MARK', '[redacted]'))
      }),
      { numRuns: 3000 },
    )
  })

  it('is cut out of the log, and every other word stays', () => {
    fc.assert(
      fc.property(place, anywhere, (around, { text, left }) => {
        expect(scrub(join(around, text))).toBe(join(around, left).replace('MARK', '[secret]'))
      }),
      { numRuns: 3000 },
    )
  })

  it('that is known is cut wherever it stands, also in a URL and in JSON', () => {
    const secret = fc
      .string({ minLength: 5, maxLength: 40 })
      .filter((text) => /^[!-~]+$/.test(text) && !/\d/.test(text))
    const forms: ((text: string) => string)[] = [
      (text) => text,
      encodeURIComponent,
      (text) => JSON.stringify(text),
      (text) => `https://graph.facebook.com/me?x=${encodeURIComponent(text)}&y=1`,
    ]
    fc.assert(
      fc.property(secret, fc.constantFrom(...forms), (known, form) => {
        fc.pre(!'The value  is said twice, .'.includes(known))
        const text = redact(`The value ${form(known)} is said twice, ${form(known)}.`, [known])
        expect(text).not.toContain(form(known))
        expect(text).toMatch(/^The value .*\[redacted\].* is said twice, .*\[redacted\].*\.$/)
      }),
    )
  })

  it('that is a PIN is cut as a number of its own, and not out of an id', () => {
    expect(redact('PIN 271828 of number 1062718281234', ['271828'])).toBe(
      'PIN [redacted] of number 1062718281234',
    )
  })
})

it('costs little, however long a text is', () => {
  for (const unit of ['a', 'a-', 'token', 'token:', 'Bearer ', '"', 'EAA', '1|', 'x9'])
    expect(redact(unit.repeat(1_000_000 / unit.length)).length).toBeLessThanOrEqual(1000)
})
