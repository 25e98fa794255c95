import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Gateway } from '../gateway/gateway.ts'
import type { Order } from '../gateway/order.ts'
import { becomes } from '../within.ts'
import type { Fault } from './fault.ts'

/** How long a point is waited for: one is passed with each post. */
const pointMs = 2_000

/** What can happen to the process of a gateway. */
export function gatewayFaults(gateways: readonly Gateway[]): readonly Fault[] {
  const any = (
    name: string,
    weight: number,
    harm: (gateway: Gateway, ms: number) => Promise<void>,
  ): Fault => ({
    name,
    weight,
    run: (random) => harm(random.pick(gateways), random.between(1_000, 3_000)),
  })
  return [
    any('SIGKILL', 4, (gateway) => end(gateway, 'SIGKILL')),
    any('SIGTERM', 2, (gateway) => end(gateway, 'SIGTERM')),
    any('SIGSTOP, then SIGCONT', 2, stop),
    any('SIGKILL after commit, before 200', 3, (gateway) => dieAt(gateway, 'die after commit')),
    any('SIGKILL after 200, before wake-up', 3, (gateway) => dieAt(gateway, 'die after answer')),
  ]
}

async function end(gateway: Gateway, signal: NodeJS.Signals): Promise<void> {
  gateway.kill(signal)
  await gateway.ended()
}

/** In a shell of its own, so that the gateway goes on even when nobody is left to tell it to. */
async function stop({ pid }: Gateway, ms: number): Promise<void> {
  if (pid === null) return
  const script = `kill -STOP ${pid} && sleep ${ms / 1000}; kill -CONT ${pid}`
  await once(spawn('sh', ['-c', script], { stdio: 'ignore' }), 'exit')
}

async function dieAt(gateway: Gateway, name: Order['name']): Promise<void> {
  const before = gateway.pid
  if (!gateway.order({ name, ms: 0 })) return
  if (!(await becomes(pointMs, () => gateway.pid !== before))) {
    gateway.missed++
    gateway.kill('SIGKILL')
  }
}
