import { within } from '../within.ts'
import type { Random } from '../random.ts'
import { planRounds } from './plan.ts'
import { playRound, type Scenario } from './round.ts'
import { Tally } from './tally.ts'

/** A round that takes longer hangs. */
const roundMs = 240_000

/** Plays so many rounds, a few at a time. `place`: an empty place that several gateways can share. */
export async function runWrites(
  rounds: number,
  random: Random,
  place: () => Promise<string>,
  atOnce = 2,
): Promise<Tally> {
  const tally = new Tally()
  const left = [...planRounds(rounds, random)]
  const work = async (): Promise<void> => {
    for (let scenario = left.shift(); scenario; scenario = left.shift()) await runOne(tally, scenario, place)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return tally
}

async function runOne(tally: Tally, scenario: Scenario, place: () => Promise<string>): Promise<void> {
  try {
    const whole =
      scenario.callers === 'two at two gateways' ? { ...scenario, databaseUrl: await place() } : scenario
    tally.add(scenario, await within(roundMs, 'a round', playRound(whole)))
  } catch (error) {
    tally.note(scenario, String(error))
  }
}
