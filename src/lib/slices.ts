import { setImmediate as turn } from 'node:timers/promises'

/** How many steps are done before others have their turn: some ten milliseconds at most. */
export const sliceSteps = 1_000

/** Does long work, which yields after each step, in slices: after each the event loop is free for others. */
export async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  for (let done = 1; ; done++) {
    const { done: isOver, value } = work.next()
    if (isOver) return value
    if (done % sliceSteps === 0) await turn()
  }
}

/** The same without a pause, for work that is known to be short. */
export function atOnce<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}

/** Parts of a list, each of one slice. */
export function* partsOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += sliceSteps) yield items.slice(at, at + sliceSteps)
}
