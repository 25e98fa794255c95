import { fileURLToPath } from 'node:url'
import type { Child } from '../../support/child.ts'
import { until } from '../../support/until.ts'

/** What a process holds. */
export interface Counts {
  /** Abort signals that live as long as the gateway. */
  readonly signals: number
  /** Their listeners, and those of the process. */
  readonly listeners: number
  readonly timers: number
  readonly sockets: number
  /** Bytes, after a collection. */
  readonly heap: number
}

/** For NODE_OPTIONS of a gateway that is to be counted. */
export const counting = `--import ${fileURLToPath(new URL('count.ts', import.meta.url))}`

/** Lets the process count. */
export async function countsOf(child: Child): Promise<Counts> {
  const before = child.stdout().length
  child.process.kill('SIGUSR2')
  const counted = () => /COUNTS (\{.*\})\n/.exec(child.stdout().slice(before))?.[1]
  await until(() => counted() !== undefined)
  return JSON.parse(counted() ?? '') as Counts
}
