import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { environment, programOf } from '../../test/support/programs.ts'

const inside = fileURLToPath(new URL('inside.ts', import.meta.url))
// Tests have a bundle, which starts faster; by itself the nemesis runs what is in the sources.
const bundle = process.env['GATEWAY_BUNDLE']

export interface Life {
  readonly child: ChildProcess
  /** Its address, or null when it ended before it had one. */
  readonly address: Promise<string | null>
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** The last of what it printed. */
  readonly said: () => string
}

const living = new Set<ChildProcess>()
process.once('exit', () => living.forEach((child) => child.kill('SIGKILL')))

/** The gateway as it is run, and a line through which it hears orders. */
export function startGateway(env: Readonly<Record<string, string>>): Life {
  const child = spawn(process.execPath, ['--import', inside, programOf('mps-gateway')], {
    env: { ...environment(), ...(bundle && { GATEWAY_BUNDLE: bundle }), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  living.add(child)
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string)
  void ended.finally(() => living.delete(child))
  // An order that comes too late.
  child.on('error', () => {})
  let said = ''
  const address = new Promise<string | null>((resolve) => {
    const listen = (chunk: Buffer): void => {
      said = (said + String(chunk)).slice(-1_500)
      const found = /(http:\/\/127\.0\.0\.1:\d+)\/graphql/.exec(said)?.[1]
      if (found) resolve(found)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    void ended.then(() => resolve(null))
  })
  return { child, address, ended, said: () => said }
}
