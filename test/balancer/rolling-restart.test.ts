import { describe, expect, it } from 'vitest'
import { Fleet } from '../support/fleet.ts'
import { whyWithoutNginx } from '../support/nginx.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { startLoad } from './support/load.ts'
import { cursorsOfLog, readBySse, readByWs } from './support/reader.ts'

describe.skipIf(whyWithoutNginx !== '')(`three instances behind nginx${whyWithoutNginx}`, () => {
  it('are restarted one after the other under load, without an error to any client and with each event once', async () => {
    await using fleet = await Fleet.start({ databaseUrl: await emptyDatabase() })
    const load = startLoad(fleet)
    const readers = [readByWs(fleet, null), readBySse(fleet, null)]
    await until(() => readers.every(({ cursors }) => cursors.length > 0))
    const from = readers.map(({ cursors }) => cursors[0] ?? null)
    for (const instance of fleet.instances) {
      const before = load.answered
      expect(await instance.stop()).toBe(0)
      await instance.start()
      await until(() => load.answered > before + 100)
    }
    await load.stop()
    expect(load.errors).toEqual([])
    const log = await cursorsOfLog(fleet, null)
    await until(() => readers.every(({ cursors, end }) => end() !== null || cursors.at(-1) === log.at(-1)))
    for (const [index, { cursors, end }] of readers.entries()) {
      expect(end()).toBeNull()
      expect(cursors).toEqual(log.slice(log.indexOf(from[index] ?? '')))
    }
    for (const { leave } of readers) leave()
    expect(fleet.instances.flatMap(({ complaints }) => complaints)).toEqual([])

    // What was answered as created is there, once.
    const names = fleet.play.sim.state().solutions.map(({ name }) => name)
    const made = names.filter((name) => name.startsWith('Solution ')).sort()
    expect(made).toEqual([...load.created.keys()].sort())
  })
})
