/** Gives the `entry.time` of a webhook, in seconds: no two equal changes get the same one. */
export type Stamp = (change: string, second: number) => number

/**
 * Meta sends no event id, so a receiver tells a repeat from a return to an earlier state by the time. People take
 * seconds between two steps, scripts do not: a change that was told before gets a later second. It outlives a reset,
 * after which ids and names come again.
 */
export function createStamp(): Stamp {
  const last = new Map<string, number>()
  return (change, second) => {
    const time = Math.max(second, (last.get(change) ?? 0) + 1)
    last.set(change, time)
    return time
  }
}
