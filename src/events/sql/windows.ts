import type { EventFilter } from '../log.ts'

/** Positions behind `from`, up to and with `to`. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** How many rows a filter without an index may pass over at a time: some ten milliseconds of the event loop. */
const unindexedSpan = 50_000

export function spanOf({ solutionId, wabaId }: EventFilter): number {
  return solutionId === undefined && wabaId === undefined ? unindexedSpan : Number.MAX_SAFE_INTEGER
}

/** The positions behind `from` and up to `to`, in parts, oldest first. */
export function* upwards(from: number, to: number, span: number): Generator<Window> {
  for (let start = from; start < to; start += span) yield { from: start, to: Math.min(start + span, to) }
}

/** The positions behind `from` and up to `to`, in parts, newest first. */
export function* downwards(from: number, to: number, span: number): Generator<Window> {
  for (let end = to; end > from; end -= span) yield { from: Math.max(end - span, from), to: end }
}
