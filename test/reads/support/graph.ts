import type { AppConfig } from '../../../src/config/config.ts'
import type { Endpoint, CallOptions } from '../../../src/graph/endpoint.ts'
import type { Graph, GraphRead } from '../../../src/graph/graph.ts'
import type { GraphOutcome } from '../../../src/graph/error.ts'

export const appWith = (appId: string): AppConfig => ({
  appId,
  appSecrets: ['secret'],
  systemToken: `token of ${appId}`,
  businessId: '2',
  creditLineId: null,
  verifyToken: 'verify',
})

interface Asked {
  readonly reads: readonly GraphRead[]
  readonly begun: number | undefined
  readonly answer: (outcomes: readonly GraphOutcome[]) => void
}

/** A Graph whose answers the test gives, one for each time that it is asked. */
export function askedGraph() {
  const asked: Asked[] = []
  const calls: { readonly text: string; readonly begun: number | undefined }[] = []
  const begunOf = (options: AbortSignal | CallOptions | undefined) => (options as CallOptions).begun
  const graph: Pick<Graph, 'readAll' | 'call'> = {
    readAll: (reads, options) =>
      new Promise((answer) => asked.push({ reads, begun: begunOf(options), answer })),
    call: async ({ path, token }: Endpoint<unknown>, _, options) => {
      calls.push({ text: `${token} ${path.join('/')}`, begun: begunOf(options) })
      return {} as never
    },
  }
  return { graph: graph as Graph, asked, calls }
}

export const signal = new AbortController().signal
/** Until everything that can go on without Graph has gone on. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
