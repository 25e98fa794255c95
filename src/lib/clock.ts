import { pause } from './pause.ts'

/** Wall time for stamps. Durations are measured with `performance.now()`. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** The time of one process: what it lets pass, and what has passed. It says nothing about that of others. */
export interface OwnTime {
  /**
   * Begins to measure. What comes back gives the milliseconds since, rather too many than too few: a machine that was
   * suspended stops its monotonic clock, and one whose wall clock is set back still has the other.
   */
  measure(): () => number
  pause(ms: number): Promise<void>
}

export const ownTime: OwnTime = {
  measure: () => {
    const [wall, monotonic] = [Date.now(), performance.now()]
    return () => Math.max(Date.now() - wall, performance.now() - monotonic)
  },
  pause: (ms) => pause(ms),
}
