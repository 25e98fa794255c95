import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'

import { createClock } from './clock.ts'
import { reset } from './control/reset.ts'
import { type SimulatorState, stateOf } from './control/state.ts'
import { createFaults } from './faults/faults.ts'
import { createMeters } from './graph/meters.ts'
import { createJournal } from './server/journal.ts'
import { listen } from './server/listen.ts'
import type { Sim } from './sim.ts'
import { createOutbox } from './webhooks/outbox.ts'
import { createPost } from './webhooks/post.ts'
import { createStamp } from './webhooks/stamp.ts'
import type { Subscriptions } from './webhooks/subscriptions.ts'
import { createVerify } from './webhooks/verify.ts'
import { buildWorld } from './world/build.ts'
import type { Seed } from './world/seed.ts'

export type { SimulatorState } from './control/state.ts'
export type { Seed } from './world/seed.ts'

export interface SimulatorOptions {
  readonly host?: string
  /** 0 takes any free port. */
  readonly port?: number
  readonly seed?: Seed
}

export interface Simulator {
  readonly url: string
  readonly port: number
  /** The same as `GET /__sim/state`. */
  state(): SimulatorState
  reset(seed?: Seed): void
  close(): Promise<void>
}

/** A local Graph API for Multi-Partner Solutions. What it does not do is listed in LIMITS.md. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', port = 4001, seed = {} } = options
  const [agent, stop] = [new Agent(), new AbortController()]
  const sim = createSim(agent, seed, stop.signal)
  const server = await listen(sim, host, port, stop.signal)
  const address = server.address() as AddressInfo
  sim.url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
  return {
    url: sim.url,
    port: address.port,
    state: () => stateOf(sim),
    reset: (next) => reset(sim, next ?? seed),
    close: async () => {
      stop.abort()
      sim.outbox.clear()
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await Promise.all([closed, agent.destroy()])
    },
  }
}

function createSim(agent: Agent, seed: Seed, signal: AbortSignal): Sim {
  const clock = createClock()
  const subscriptions: Subscriptions = new Map()
  const sim: Sim = {
    url: '',
    world: buildWorld(seed),
    seed,
    clock,
    subscriptions,
    faults: createFaults(),
    journal: createJournal(),
    meters: createMeters(clock),
    outbox: createOutbox({ target: (appId) => targetOf(sim, appId), post: createPost(agent) }),
    stamp: createStamp(),
    verify: createVerify(agent, signal),
  }
  return sim
}

function targetOf({ world, subscriptions }: Sim, appId: string): { url: string; secret: string } | undefined {
  const [subscription, app] = [subscriptions.get(appId), world.apps.get(appId)]
  return subscription && app && { url: subscription.callbackUrl, secret: app.secret }
}
