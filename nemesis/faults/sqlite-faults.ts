import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Gateway } from '../gateway/gateway.ts'
import type { Fault } from './fault.ts'

const holder = fileURLToPath(new URL('hold-lock.ts', import.meta.url))

/** What can happen to a SQLite file. */
export function sqliteFaults(path: string, gateways: readonly Gateway[]): readonly Fault[] {
  return [
    { name: 'store locked by another process', weight: 2, run: () => lock(path, 2_000) },
    {
      name: 'store full',
      weight: 2,
      run: (random) => fill(random.pick(gateways), random.between(500, 2_000)),
    },
  ]
}

async function lock(path: string, ms: number): Promise<void> {
  await once(spawn(process.execPath, [holder, path, String(ms)], { stdio: 'ignore' }), 'exit')
}

async function fill(gateway: Gateway, ms: number): Promise<void> {
  if (gateway.order({ name: 'be full', ms })) await sleep(ms)
}
