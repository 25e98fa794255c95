import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { holdSilentSockets, openBrowser, postFalseWebhooks } from '../../test/balancer/support/browsers.ts'
import type { Fleet, FleetInstance } from '../../test/support/fleet.ts'
import type { PostgresProcess } from '../../test/support/postgres-process.ts'
import type { Random } from '../random.ts'

/** Something that happens to a fleet. */
export interface FleetFault {
  readonly name: string
  readonly weight: number
  /** Whether docs/operating.md promises that no client sees an error of it. */
  readonly isSilent: boolean
  /** Resolves when it is over. */
  run(fleet: Fleet, random: Random): Promise<void>
}

export const fleetFaults = (server: PostgresProcess): readonly FleetFault[] => [
  { name: 'rolling restart', weight: 4, isSilent: true, run: rollingRestart },
  // It may have stood still while it held the lock of the log: writes of the others are then told to ask again.
  { name: 'one stands still (SIGSTOP)', weight: 2, isSilent: false, run: standStill },
  { name: '300 browsers, silent sockets, false webhooks', weight: 2, isSilent: true, run: crowd },
  { name: 'one is killed (SIGKILL)', weight: 2, isSilent: false, run: kill },
  {
    name: 'connections to the database cut',
    weight: 2,
    isSilent: false,
    run: () => cutConnections(server.url),
  },
  {
    name: 'database restarted',
    weight: 1,
    isSilent: false,
    run: async () => {
      await server.kill()
      await server.restart()
    },
  },
]

/** Ends a well-behaved process, and starts it anew. Its own end must be clean. */
async function rollingRestart({ instances }: Fleet): Promise<void> {
  for (const instance of instances) {
    const end = await instance.stop()
    if (end !== 0) throw new Error(`An instance ended with ${end}`)
    await instance.start()
    await sleep(500)
  }
}

/** In a shell of its own, so that the instance goes on even when nobody is left to tell it to. */
async function standStill({ instances }: Fleet, random: Random): Promise<void> {
  const { pid } = random.pick(instances)
  const script = `kill -STOP ${pid} && sleep ${random.between(1_000, 5_000) / 1000}; kill -CONT ${pid}`
  await once(spawn('sh', ['-c', script], { stdio: 'ignore' }), 'exit')
}

async function crowd(fleet: Fleet): Promise<void> {
  const letGo = holdSilentSockets(fleet, 200)
  const stopPosting = postFalseWebhooks(fleet, 2)
  const browsers = Array.from({ length: 300 }, (_, number) => openBrowser(fleet, number))
  await Promise.all(browsers.map(({ isIn }) => isIn))
  const errors = browsers.flatMap((browser) => browser.errors)
  for (const { leave } of browsers) leave()
  await stopPosting()
  letGo()
  if (errors.length > 0) throw new Error(`Browsers were told ${JSON.stringify(errors.slice(0, 3))}`)
}

async function kill({ instances }: Fleet, random: Random): Promise<void> {
  const instance: FleetInstance = random.pick(instances)
  await instance.stop('SIGKILL')
  await instance.start()
}

async function cutConnections(url: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mps-gateway'",
    )
  } finally {
    await client.end()
  }
}
