import { setTimeout as sleep } from 'node:timers/promises'
import { choose, type Fault } from './faults/fault.ts'
import { send } from './load/sender.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

const senders = 16

/** A fault of a round: which, and how many milliseconds after the beginning. */
export interface Strike {
  readonly fault: Fault
  readonly at: number
}

/** One to four of them, anywhere in the load. */
export function schedule(faults: readonly Fault[], loadMs: number, random: Random): readonly Strike[] {
  const count = [1, 0.5, 0.3, 0.2].filter((share) => random.chance(share)).length
  const strikes = Array.from({ length: count }, () => ({
    fault: choose(faults, random),
    at: random.between(0, Math.floor(loadMs * 0.9)),
  }))
  return strikes.sort((one, other) => one.at - other.at)
}

/** Sends under faults. Resolves when everything sent is answered 200, and every instance serves. */
export async function runLoad(world: World, strikes: readonly Strike[], loadMs: number, random: Random) {
  const until = Date.now() + loadMs
  const { address, ledger } = world
  const load = Promise.all(
    Array.from({ length: senders }, (_, index) =>
      send({ ledger, address, random: random.fork(`sender ${index}`) }, until),
    ),
  )
  // It is heard below, also when it fails before.
  load.catch(() => {})
  const leavers = world.subscribers.filter(() => random.chance(0.4))
  const harm = [
    ...strikes.map(({ fault, at }, index) => strike(world, fault, at, random.fork(`strike ${index}`))),
    ...leavers.map((leaver) => sleep(random.between(0, loadMs)).then(() => leaver.leave())),
  ]
  await Promise.all(harm)
  await Promise.all(world.gateways.map((gateway) => gateway.up()))
  await load
}

async function strike({ struck }: World, fault: Fault, at: number, random: Random): Promise<void> {
  await sleep(at)
  struck.set(fault.name, (struck.get(fault.name) ?? 0) + 1)
  await fault.run(random)
}
