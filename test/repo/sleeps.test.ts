import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, sourceFiles } from '../support/repository.ts'

/** Where time may pass by itself, and why. */
const allowed: Readonly<Record<string, string>> = {
  'test/support/until.ts': 'asks again after a moment, whether something holds',
  'test/support/postgres-server.ts': 'starts PostgreSQL again when the memory of the old one is still in use',
  'test/events/support/postgres.ts': 'comes again, as a client does whose store is away',
  'test/events/postgres/crash.test.ts': 'spreads the load over the crashes',
  'test/events/postgres/failover.test.ts': 'spreads the load over the failover',
  'test/events/postgres/listener.test.ts': 'spreads the load over the cuts',
  'test/events/postgres/network.test.ts': 'spreads the load over the cuts',
  'test/support/postgres-wire.ts': 'is a slow network',
  'test/http/restart.test.ts': 'a stock client waits before it comes again',
  'test/http/support/crash.ts': 'a program that breaks when it has started',
}

// `vi.waitFor` and `vi.waitUntil` give up after a second, which a slow machine needs.
// A name in quotes is one that a test fakes.
const sleeps = /\bsetTimeout\b(?!')|timers\/promises'.*sleep|\bvi\.wait(?:For|Until)\b/

describe('tests', () => {
  it('wait for what they need and never for a time', () => {
    const files = sourceFiles('test').map((path) => relative(root, path))
    const asleep = files.filter((path) => sleeps.test(readFileSync(`${root}${path}`, 'utf8')))
    const strangers = asleep.filter((path) => path !== 'test/repo/sleeps.test.ts' && !(path in allowed))
    expect(strangers, 'Wait with `until` of test/support/until.ts').toEqual([])
    expect(Object.keys(allowed).filter((path) => !asleep.includes(path))).toEqual([])
  })

  // A module is loaded once for all files of a process: its hooks would be those of the first file only.
  it('have their hooks in their own file or in a function, since files share modules', () => {
    const shared = sourceFiles('test').filter((path) => !path.endsWith('.test.ts'))
    const hooked = shared.filter((path) =>
      /^(?:before|after)(?:Each|All)\(/m.test(readFileSync(path, 'utf8')),
    )
    expect(hooked.map((path) => relative(root, path))).toEqual([])
  })
})
