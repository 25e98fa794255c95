import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { standingOfVersion, VersionWatch } from '../../src/graph/version-watch.ts'
import { startBeside } from '../support/beside.ts'
import { controlOf } from '../support/control.ts'
import { startTestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'

const at = (day: string): number => Date.parse(day)
const day = 24 * 60 * 60_000
const versions = [
  'v3.2',
  'v19.0',
  'v20.0',
  'v21.0',
  'v22.0',
  'v23.0',
  'v24.0',
  'v25.0',
  'v26.0',
  'v27.0',
  'v28.0',
]

describe('a version of Graph', () => {
  it.each([
    ['v21.0', '2026-10-22', 'served'],
    ['v21.0', '2026-10-23', 'ending'],
    ['v21.0', '2027-01-20', 'ending'],
    ['v21.0', '2027-01-21', 'ended'],
    ['v20.0', '2026-11-30', 'ended'],
    ['v22.0', '2026-11-30', 'served'],
    ['v25.0', '2028-05-01', 'ending'],
    ['v25.0', '2028-07-29', 'ended'],
    // Meta has set no end of these.
    ['v26.0', '2028-07-29', 'served'],
    ['v27.0', '2030-01-01', 'served'],
    // Newer than the table, and older than it.
    ['v28.0', '2030-01-01', 'served'],
    ['v17.0', '2026-11-30', 'ended'],
    ['v3.2', '2026-11-30', 'ended'],
  ])('%s is, on %s, %s', (version, when, state) => {
    expect(standingOfVersion(version, at(when)).state).toBe(state)
  })

  it('says how many days are left', () => {
    expect(standingOfVersion('v21.0', at('2026-11-30'))).toEqual({
      state: 'ending',
      endsAt: at('2027-01-21'),
      daysLeft: 52,
    })
  })

  it('is served, then ends, then has ended, and never goes back', () => {
    const order = { served: 0, ending: 1, ended: 2 }
    const times = fc.integer({ min: at('2026-05-22'), max: at('2031-01-01') })
    fc.assert(
      fc.property(fc.constantFrom(...versions), times, times, (version, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)]
        const states = [early, late].map((time) => order[standingOfVersion(version, time).state])
        expect(states[0]).toBeLessThanOrEqual(states[1] ?? 0)
      }),
    )
  })
})

function watched(version: string, from: string) {
  const lines: string[] = []
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) })
  let now = at(from)
  const watch = new VersionWatch(version, () => now, logger)
  const days = (count: number): readonly object[] => {
    const before = lines.length
    for (let passed = 0; passed < count; passed++) {
      watch.look()
      now += day
    }
    return lines.slice(before).map((line) => JSON.parse(line) as object)
  }
  return { watch, days, lines }
}

describe('the log', () => {
  it('is silent until 90 days before the end, and then says so about once a week', () => {
    const { days } = watched('v21.0', '2026-09-01')
    expect(days(52)).toEqual([])
    const [first, ...more] = days(90)
    expect(first).toMatchObject({ level: 40, version: 'v21.0', endsAt: '2027-01-21', daysLeft: 90 })
    expect(more.length).toBeGreaterThanOrEqual(11)
    expect(more.length).toBeLessThanOrEqual(14)
    const [ended] = days(1)
    expect(ended).toMatchObject({
      level: 40,
      endsAt: '2027-01-21',
      msg: expect.stringContaining('has ended') as string,
    })
    expect(ended).not.toHaveProperty('daysLeft')
  })

  it('says nothing of a version that has no end yet', () => {
    expect(watched('v27.0', '2026-11-30').days(1000)).toEqual([])
  })

  it('names each version that answers instead once', () => {
    const { watch, lines } = watched('v27.0', '2026-11-30')
    for (const version of ['v21.0', 'v21.0', 'unreadable', 'v21.0']) watch.saw(version)
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 40, version: 'v27.0', answeredBy: 'v21.0' },
      { answeredBy: 'unreadable' },
    ])
  })
})

describe('a gateway that speaks a version which has ended', () => {
  it('says so, and that another one answers: once each in its log, and in its metrics', async () => {
    await using sandbox = await startTestGateway()
    await controlOf(sandbox.simulator.url).reset({ solutions: 3 })
    await using gateway = await startBeside(sandbox, { graphVersion: 'v20.0', logLevel: 'warn' })
    const ids = sandbox.simulator.state().solutions.map(({ id }) => id)
    const query = `{ ${ids.map((id) => `s${id}: solution(id: "${id}") { name }`).join(' ')} }`
    for (let time = 0; time < 2; time++) expect((await graphql(gateway.url, query)).errors).toBeUndefined()
    expect(gateway.logLines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { version: 'v20.0', endsAt: '2026-09-24' },
      { version: 'v20.0', answeredBy: 'v21.0' },
    ])
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
    expect(metrics).toMatch(/^mps_graph_other_version_total [1-9]/m)
    expect(metrics).toContain(`mps_graph_version_end_seconds ${at('2026-09-24') / 1000}`)
  })
})
