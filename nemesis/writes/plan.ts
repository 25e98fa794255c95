import { verbs } from '../../test/writes/support/verbs.ts'
import type { Verb } from '../../test/writes/support/verbs/verb.ts'
import type { Random } from '../random.ts'
import { ends, type Callers } from './ends.ts'
import type { Scenario } from './round.ts'

/** Every write with every end comes once before one comes twice; who asks and with which key is drawn. */
export function planRounds(rounds: number, random: Random): readonly Scenario[] {
  const pairs = verbs.flatMap((verb) =>
    verb.routes.flatMap((route) => ends.map((end) => ({ verb, route, end }))),
  )
  const drawn = Array.from({ length: Math.ceil(rounds / pairs.length) }, () => shuffled(pairs, random)).flat()
  return drawn.slice(0, rounds).map((pair, index) => {
    const callers = pair.end.killed ? 'one' : drawCallers(random)
    return { ...pair, callers, key: drawKey(pair.verb, index, random) }
  })
}

function drawCallers(random: Random): Callers {
  if (random.chance(0.5)) return 'one'
  return random.chance(0.6) ? 'two at one gateway' : 'two at two gateways'
}

function drawKey({ key }: Verb, index: number, random: Random): string | null {
  const has = key === 'always' || (key === 'optional' && random.chance(0.5))
  return has ? `round ${index}` : null
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((value) => ({ value, place: random.next() }))
    .sort((one, other) => one.place - other.place)
    .map(({ value }) => value)
}
