import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bySql } from '../events/upgrades/support/by-sql.ts'
import { Play } from './support/play.ts'
import { verbs } from './support/verbs.ts'
import { nameOf } from './support/verbs/verb.ts'

describe('a write that a newer release has put on record in a way of its own', () => {
  let play: Play

  beforeAll(async () => {
    play = await Play.begin({ wired: true })
  })
  afterAll(() => play.close())

  it.each(verbs.map((verb) => [nameOf(verb), verb] as const))(
    'is not sent by this one, which says that it does not know: %s',
    async (name, verb) => {
      const given = { ...(await (await verb.prepare(play))(0)), idempotencyKey: name }
      await play.mutate(verb.field, given)
      const { databaseUrl } = play.config
      await bySql(
        databaseUrl,
        `UPDATE writes SET state = 'half_done', outcome = '{"half":1}', started_at = 1`,
      )
      const before = await bySql(databaseUrl, 'SELECT * FROM writes ORDER BY app_id, verb, key')
      await play.control.forgetRequests()
      expect(await play.mutate(verb.field, given)).toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        retryable: true,
        message: expect.stringContaining('A newer release') as unknown,
      })
      expect(await play.writes()).toEqual({})
      const after = await bySql(databaseUrl, 'SELECT * FROM writes ORDER BY app_id, verb, key')
      expect(after).toEqual(expect.arrayContaining([...before]))
      await bySql(databaseUrl, 'DELETE FROM writes')
    },
  )

  it('is refused in its own words when it was refused for a reason that this one does not know', async () => {
    const accept = verbs.find(({ field }) => field === 'acceptSolution')
    const given = { ...(await (await accept!.prepare(play))(0)), idempotencyKey: 'refused' }
    await play.mutate('acceptSolution', given)
    const outcome = {
      type: 'QuotaProblem',
      code: 'QUOTA',
      message: 'The quota of 2031 is used up.',
      quota: 1,
    }
    await bySql(
      play.config.databaseUrl,
      `UPDATE writes SET state = 'refused', outcome = '${JSON.stringify({ problem: outcome })}' WHERE key = 'key refused'`,
    )
    expect(await play.mutate('acceptSolution', given)).toMatchObject({
      __typename: 'GatewayProblem',
      code: 'UPSTREAM_REFUSED',
      message: 'The quota of 2031 is used up.',
    })
  })
})
