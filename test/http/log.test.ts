import { afterEach, describe, expect, it, vi } from 'vitest'
import { createLogger } from '../../src/log.ts'

const app = {
  appId: '1',
  appSecrets: ['an-app-secret-0123', 'another-app-secret'] as const,
  systemToken: 'a-system-token-0123',
  businessId: '2',
  creditLineId: null,
  verifyToken: 'a "verify" \\ token',
}

function collect(log: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  log(
    createLogger(
      { logLevel: 'trace', apps: [app], apiKey: 'an-api-key-012345', encryptionKeys: [] },
      destination,
    ),
  )
  return lines
}

const hostile = [
  'name\n{"level":60,"msg":"forged"}',
  '\u001b[2J\u001b[31m',
  '\u009b2J',
  'a\u2028b\u2029c',
  '\u202eevil',
  '\r\n\0\u007f',
  '\ud800',
]

describe('the log', () => {
  it.each(hostile)('keeps %j on one line, with nothing that a terminal would act on', (text) => {
    const lines = collect((logger) => {
      logger.warn({ text, [text]: 1 }, 'hello')
      logger.error({ err: new Error(text) }, 'hello')
      logger.info(text)
    })
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true)
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
      expect(JSON.parse(line)).toBeTypeOf('object')
    }
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ text, msg: 'hello' })
  })

  it('cuts what is long, wide or deep', () => {
    const long = 'x'.repeat(100_000)
    let deep: object = { text: long }
    for (let level = 0; level < 50; level++) deep = { deep }
    const wide = Array.from({ length: 100_000 }, () => long)
    const lines = collect((logger) => {
      logger.warn({ long, [long]: 1 }, 'hello')
      logger.warn({ deep }, 'hello')
      logger.warn({ wide: wide.map(() => 'x') }, 'hello')
      logger.error(
        { err: Object.assign(new Error(long, { cause: new Error(long) }), { code: long }) },
        'hello',
      )
    })
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line.length).toBeLessThan(20_000)
  })

  it('shows no secret, wherever it stands', () => {
    const all = [...app.appSecrets, app.systemToken, app.verifyToken, 'an-api-key-012345']
    const lines = collect((logger) => {
      for (const secret of all) {
        logger.info(
          { text: `before ${secret} after`, list: [{ deep: { er: secret } }], [secret]: 1 },
          'hello',
        )
        logger.info({ url: `https://x.example/?q=${encodeURIComponent(secret)}` }, 'hello')
        logger.error({ err: new Error(secret, { cause: new Error(secret) }) }, 'hello')
        logger.error(new Error(secret), 'hello')
      }
      logger.info(
        {
          app,
          authorization: 'Basic abc',
          headers: { authorization: 'abcdef' },
          a: { b: { token: 'abcdef' } },
        },
        'x',
      )
      logger.info({ text: 'Bearer abc.def and EAAGabcdefghijkl and ?access_token=opaque&x=1' }, 'x')
    })
    const text = lines.join('')
    for (const secret of all)
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
        expect(text.includes(form)).toBe(false)
    expect(text).not.toMatch(/abc|opaque/)
    for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object')
  })

  it('says name, message, code and stack of an error', () => {
    const error = Object.assign(new TypeError('no'), { code: 'E_NO' })
    const [line = ''] = collect((logger) => logger.error({ err: error }, 'hello'))
    expect(JSON.parse(line)).toMatchObject({
      level: 50,
      time: expect.any(String) as string,
      msg: 'hello',
      err: {
        name: 'TypeError',
        message: 'no',
        code: 'E_NO',
        stack: expect.stringContaining('log.test') as string,
      },
    })
  })

  it('is silent when it should be', () => {
    const lines: string[] = []
    const logger = createLogger(
      { logLevel: 'silent', apps: [], apiKey: null, encryptionKeys: [] },
      { write: (line: string) => void lines.push(line) },
    )
    logger.fatal('hello')
    expect(lines).toEqual([])
  })
})

describe('a flood of one message', () => {
  afterEach(() => void vi.useRealTimers())

  const linesOf = (lines: readonly string[], msg: string): Record<string, unknown>[] =>
    lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['msg'] === msg)
  const leftOut = 'more lines of this message were left out'

  it('is 60 lines a minute, and one that says how many were left out; others go on beside it', () => {
    vi.useFakeTimers()
    const lines = collect((logger) => {
      for (let n = 0; n < 100_000; n++) logger.warn({ path: `/wp-admin/${n}` }, 'refused')
      logger.error({ err: new Error('other') }, 'another')
      vi.advanceTimersByTime(60_000)
      for (let n = 0; n < 61; n++) logger.warn('refused')
      vi.advanceTimersByTime(60_000)
    })
    expect(linesOf(lines, 'refused')).toHaveLength(120)
    expect(linesOf(lines, 'another')).toHaveLength(1)
    expect(linesOf(lines, leftOut)).toMatchObject([
      { level: 40, message: 'refused', leftOut: 99_940 },
      { level: 40, message: 'refused', leftOut: 1 },
    ])
    expect(lines).toHaveLength(123)
  })

  it('is no more when each line has a message of its own', () => {
    vi.useFakeTimers()
    const lines = collect((logger) => {
      for (let n = 0; n < 100_000; n++) logger.info(`made of what came in: ${n}`)
    })
    expect(lines.length).toBeLessThanOrEqual(500 + 60)
    expect(vi.getTimerCount()).toBeLessThanOrEqual(501)
  })

  it('holds back nothing fatal, and nothing that was asked for in order to debug', () => {
    vi.useFakeTimers()
    const lines = collect((logger) => {
      for (let n = 0; n < 100; n++) {
        logger.fatal('stopping')
        logger.debug('a step')
      }
    })
    expect(lines).toHaveLength(200)
  })
})
