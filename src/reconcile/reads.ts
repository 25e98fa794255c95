import type { AppConfig } from '../config.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { GraphError } from '../graph/error.ts'
import type { Graph } from '../graph/graph.ts'
import type { Page } from '../graph/paging.ts'
import type { Viewer } from '../graph/viewer.ts'
import type { Listed } from './compare.ts'
import type { Lease } from './guard.ts'
import { pause } from './pause.ts'

/** As the app, unless as somebody else. */
export type Read = <T>(endpoint: Endpoint<T>, as?: Viewer) => Promise<T>

export interface Pace {
  readonly graph: Pick<Graph, 'call'>
  readonly app: AppConfig
  readonly pauseMs: number
  readonly signal: AbortSignal
  readonly lease: Lease
}

/** One call at a time with a pause between. Once Graph throttles, or the look must stop, every further call fails at once. */
export function pacedReads({ graph, app, pauseMs, signal, lease }: Pace): Read {
  let calls = 0
  let end: GraphError | null = null
  return async (endpoint, as = { app }) => {
    if (!end && calls++ > 0) await pause(pauseMs, signal)
    if (!end && (signal.aborted || !lease.isHeld())) end = ended()
    if (end) throw end
    try {
      return await graph.call(endpoint, as, { signal, priority: 'background' })
    } catch (error) {
      if (error instanceof GraphError && (error.kind === 'throttled' || error.kind === 'aborted'))
        end = ended()
      throw error
    }
  }
}

const ended = (): GraphError => new GraphError('aborted', 'The look has ended.')

export interface ListRead<T> extends Listed<T> {
  /** What kept the list from being complete. */
  readonly error: GraphError | null
}

/** Every page of a list, or those that came before a failure. */
export async function readAll<T>(
  read: Read,
  page: (after: string | undefined) => Endpoint<Page<T>>,
): Promise<ListRead<T>> {
  const rows: T[] = []
  let after: string | undefined
  try {
    for (;;) {
      const answer: Page<T> = await read(page(after))
      rows.push(...answer.data)
      if (answer.after === null) return { rows, complete: true, error: null }
      if (answer.after === after) throw new GraphError('malformed', 'A list goes round in a circle.')
      after = answer.after
    }
  } catch (error) {
    if (error instanceof GraphError) return { rows, complete: false, error }
    throw error
  }
}
