export interface Clock {
  /** Milliseconds since the epoch, on the simulator's own clock. */
  now(): number
  advance(ms: number): void
  reset(): void
}

export function createClock(): Clock {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    advance: (ms) => {
      ahead += ms
    },
    reset: () => {
      ahead = 0
    },
  }
}

export const seconds = (ms: number): number => Math.floor(ms / 1000)
