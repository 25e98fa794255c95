import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { environment, programOf } from './programs.ts'

const lifeline = new URL('lifeline.ts', import.meta.url).href

export interface Child {
  readonly process: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  /** Resolves with the match when stdout has it; rejects when the process ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

/** `npm start` in a process of its own, with this environment and nothing of ours. */
export function startChild(
  env: Readonly<Record<string, string>>,
  script: string = programOf('mps-gateway'),
): Child {
  const child = spawn(process.execPath, ['--import', lifeline, script], {
    env: { ...environment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk) => (stdout += String(chunk)))
  child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string)
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(stdout)
        if (match) resolve(match)
      }
      child.stdout?.on('data', look)
      look()
      void ended.then((code) => reject(new Error(`ended with ${code}: ${stderr}`)))
    })
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended, says }
}
