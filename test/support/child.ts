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

/** Those that have ended although no test ended them, until a test has asked for the end: how, and what they said. */
const lost = new Map<ChildProcess, string>()

/** One that was lost, said once. */
export function forgetLost(): string | null {
  const [first] = lost
  if (!first) return null
  lost.delete(first[0])
  return first[1]
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
  let isAskedFor = false
  const ended = once(child, 'close').then(([code, signal]) => {
    const end = (code ?? signal) as number | string
    if (!isAskedFor && !isEndedByUs(child)) lost.set(child, `${end}: ${(stderr || stdout).slice(-1_000)}`)
    return end
  })
  const awaitEnd = (): Promise<number | string> => {
    isAskedFor = true
    lost.delete(child)
    return ended
  }
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      let isSaid = false
      const look = (): void => {
        const match = pattern.exec(stdout)
        if (!match) return
        isSaid = true
        resolve(match)
      }
      child.stdout?.on('data', look)
      look()
      void ended.then((code) => {
        if (isSaid) return
        lost.delete(child)
        reject(new Error(`ended with ${code}: ${stderr}`))
      })
    })
  return {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    get ended() {
      return awaitEnd()
    },
    says,
  }
}

/** A signal was sent, and it ended by one or obeyed it. */
const isEndedByUs = ({ killed, exitCode }: ChildProcess): boolean =>
  killed && (exitCode === null || exitCode === 0)
