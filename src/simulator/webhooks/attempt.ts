import { setTimeout as sleep } from 'node:timers/promises'

import type { Post, Receipt } from './post.ts'

interface Target {
  readonly url: string
  readonly secret: string
}

export interface Sending {
  /** Where an app's webhooks go at this moment; undefined when nothing is subscribed any more. */
  readonly target: (appId: string) => Target | undefined
  readonly post: Post
}

const firstWait = 50
const longestWait = 1000
/** Meta goes on for days ("Webhooks overview"); a local try-out gives up sooner. */
const giveUpAfter = 5 * 60_000

export async function attempt(
  { target, post }: Sending,
  appId: string,
  bytes: Buffer,
  signal: AbortSignal,
  secret?: string,
): Promise<Receipt> {
  const to = target(appId)
  return to === undefined
    ? { status: 0, error: 'NO_CALLBACK' }
    : post(to.url, secret ?? to.secret, bytes, signal)
}

/** Again and again until the callback answers 200, which alone counts (Meta's page "Webhooks overview"). */
export async function untilTaken(
  sending: Sending,
  appId: string,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now()
  for (let wait = firstWait; !signal.aborted; wait = Math.min(wait * 2, longestWait)) {
    const { status, error } = await attempt(sending, appId, bytes, signal)
    if (status === 200 || error === 'NO_CALLBACK' || performance.now() - start > giveUpAfter) return
    await pause(wait, signal)
  }
}

export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined)
