import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

export interface Child extends AsyncDisposable {
  readonly url: string
  readonly pid: number
}

type Environment = Readonly<Record<string, string>>

const root = new URL('../../', import.meta.url)
const anyAddress = /(http:\/\/127\.0\.0\.1:\d+)/

const running = new Set<ChildProcess>()
// A benchmark that breaks takes its servers with it.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** Runs a file of this repository in a Node of its own; ready when it has printed its address. */
export async function startChild(file: string, env: Environment, address = anyAddress): Promise<Child> {
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  running.add(child)
  child.once('exit', () => running.delete(child))
  try {
    const url = await addressOf(child, address)
    return {
      url,
      pid: child.pid ?? 0,
      async [Symbol.asyncDispose]() {
        child.kill('SIGTERM')
        await ended
      },
    }
  } catch (error) {
    child.kill('SIGTERM')
    throw error
  }
}

function addressOf(child: ChildProcess, address: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  const listen = (chunk: Buffer): void => {
    said = (said + chunk.toString()).slice(-4_000)
    const found = address.exec(said)?.[1]
    if (found) resolve(found)
  }
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  child.once('error', reject)
  child.once('exit', () =>
    reject(new Error(`${child.spawnargs.join(' ')} ended before it was ready:\n${said}`)),
  )
  return promise
}
