import { describe, expect, it } from 'vitest'
import { Fleet } from '../support/fleet.ts'
import { whyWithoutNginx } from '../support/nginx.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { startLoad } from '../../nemesis/balancer/load.ts'
import { isThrough, judgeReader, judgeWrites, logOf } from '../../nemesis/balancer/judge.ts'
import { readBySse, readByWs } from '../../nemesis/balancer/reader.ts'

describe.skipIf(whyWithoutNginx !== '')(`three instances behind nginx${whyWithoutNginx}`, () => {
  it('are restarted one after the other under load, without an error to any client and with each event once', async () => {
    await using fleet = await Fleet.start({ databaseUrl: await emptyDatabase() })
    const load = startLoad(fleet)
    const readers = [readByWs(fleet, null), readBySse(fleet, null)]
    await until(() => readers.every(({ cursors }) => cursors.length > 0))
    for (const instance of fleet.instances) {
      const before = load.answered
      expect(await instance.stop()).toBe(0)
      await instance.start()
      await until(() => load.answered > before + 100)
    }
    await load.stop()
    expect([...load.errors, ...readers.flatMap(({ errors }) => errors)]).toEqual([])
    const log = await logOf(fleet)
    await until(() => readers.every((reader) => isThrough(reader, log)))
    expect(readers.flatMap((reader) => judgeReader(reader, log))).toEqual([])
    expect(judgeWrites(fleet, load, log)).toEqual([])
    for (const { leave } of readers) leave()
    expect(fleet.instances.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})
