/** Wall time for stamps. Durations are measured with `performance.now()`. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()
