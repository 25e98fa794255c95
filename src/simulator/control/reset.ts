import type { Sim } from '../sim.ts'
import { buildWorld } from '../world/build.ts'
import type { Seed } from '../world/seed.ts'

/** Everything back to the seed, except the callbacks: those belong to the app's settings at Meta. */
export function reset(sim: Sim, seed: Seed): void {
  const world = buildWorld(seed)
  sim.outbox.clear()
  sim.faults.replace([])
  sim.meters.reset()
  sim.journal.clear()
  sim.clock.reset()
  sim.world = world
}
