import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { claimOf } from '../../nemesis/writes/claim.ts'
import { canShiftClocks, clockAhead } from '../support/faketime.ts'
import { Fleet } from '../support/fleet.ts'
import { whyWithoutNginx } from '../support/nginx.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { verbs } from '../writes/support/verbs.ts'
import { nameOf } from '../writes/support/verbs/verb.ts'

const ahead = canShiftClocks ? clockAhead(300) : {}
const behind = canShiftClocks ? clockAhead(-300) : {}

describe.skipIf(whyWithoutNginx !== '')(
  `behind nginx, where one clock is five minutes ahead and another as much behind${whyWithoutNginx}`,
  () => {
    let fleet: Fleet
    beforeAll(async () => {
      fleet = await Fleet.start({ databaseUrl: await emptyDatabase(), own: [ahead, {}, behind], wired: true })
    })
    afterAll(() => fleet[Symbol.asyncDispose]())

    it.each(verbs.map((verb) => [nameOf(verb), verb] as const))(
      '%s that three instances are asked for at once is done once',
      async (_, verb) => {
        const { play } = fleet
        const input = await verb.prepare(play)
        const before = await play.writes()
        // Long enough for the others to come while it is out.
        const slow = verb.routes.map(({ method, path }) => ({
          method,
          path,
          kind: 'latency',
          ms: 500,
          times: 1,
        }))
        await play.control.faults(...slow)
        const key = verb.key === 'derived' ? {} : { idempotencyKey: `the key of ${nameOf(verb)}` }
        // What is uploaded for it goes to another instance than is asked.
        const asked = [1, 2, 3].map(async (instance) =>
          claimOf(await play.mutate(verb.field, { ...(await input((instance % 3) + 1)), ...key }, instance)),
        )
        const claims = await Promise.all(asked)
        const after = await play.writes()
        for (const { name } of verb.routes)
          expect([name, (after[name] ?? 0) - (before[name] ?? 0)]).toEqual([name, 1])
        expect(claims.map(({ kind }) => kind)).toContain('done')
        const again = claimOf(await play.mutate(verb.field, { ...(await input(0)), ...key }))
        expect(again).toMatchObject({ kind: verb.again ? expect.any(String) : 'done' })
      },
    )
  },
)
