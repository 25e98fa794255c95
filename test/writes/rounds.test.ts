import { describe, expect, it } from 'vitest'
import { Random } from '../../nemesis/random.ts'
import { ends } from '../../nemesis/writes/ends.ts'
import { judge } from '../../nemesis/writes/judge.ts'
import { playRound } from '../../nemesis/writes/round.ts'
import { runWrites } from '../../nemesis/writes/run.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { mutations } from './support/mutation-text.ts'
import { verbs, withoutGraph } from './support/verbs.ts'

/** Another one each time: a failure prints it. */
const seed = Date.now() % 2 ** 31
const rounds = 60

describe('every write of the API', () => {
  it('has an entry in test/writes/support/verbs.ts', () => {
    const missing = Object.keys(mutations).filter(
      (name) => !withoutGraph.includes(name) && verbs.every(({ field }) => field !== name),
    )
    expect(missing, `Say in test/writes/support/verbs/ how these are done: ${missing.join(', ')}`).toEqual([])
    expect(verbs.filter(({ field }) => !mutations[field])).toEqual([])
  })

  it.each([
    ['completeEmbeddedSignup', 'done, and nothing can be read'],
    ['submitBusinessVerification', 'hang after, and nothing can be read'],
  ])('is never told as refused once it is done: %s, %s', async (field, name) => {
    const verb = verbs.find((one) => one.field === field)
    const end = ends.find((one) => one.name === name)
    if (!verb || !end) throw new Error('There is no such write, or no such end')
    const round = await playRound({ verb, route: verb.routes[0], end, callers: 'one', key: null })
    expect(judge(round)).toEqual([])
  })

  it('is done once and told as it is, whatever is lost, refused, killed or asked for twice', async () => {
    const tally = await runWrites(rounds, new Random(seed), () => emptyDatabase(), 3)
    expect(tally.violations, `node nemesis/writes.ts --rounds ${rounds} --seed ${seed}`).toEqual([])
    expect(tally.rounds).toBe(rounds)
  })
})
