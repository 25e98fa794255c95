import type { AppConfig } from '../../../src/config/config.ts'
import { type Graph, type GraphOptions, createGraph } from '../../../src/graph/graph.ts'
import type { GraphClientOptions } from '../../../src/graph/client.ts'
import type { Viewer } from '../../../src/graph/viewer.ts'
import type { Sending } from '../../../src/graph/endpoint.ts'
import { client } from './client.ts'

/** A write that nothing keeps from being sent. */
export const atOnce: Sending = { mayLeave: () => true }

function app(appId: string, name: string): AppConfig {
  return {
    appId,
    appSecrets: [`secret-of-${name}-0123456789`],
    systemToken: `EAAG-system-of-${name}-0123456789`,
    businessId: `9${appId}`,
    creditLineId: null,
    verifyToken: 'verify',
  }
}

export const social = app('637576208107267', 'social')
export const lucky = app('21202248997039', 'lucky')

export const customerOf = (businessId: string, solutionId: string | null = '700'): Viewer => ({
  app: social,
  customer: { businessId, solutionId },
})

export function graph(
  url: string,
  options: Partial<GraphClientOptions> = {},
  more: GraphOptions = {},
): Graph {
  return createGraph(client(url, options), more)
}

/** A clock that moves only when it is told to. */
export function clock() {
  let now = 1_800_000_000_000
  return {
    now: () => now,
    pass: (ms: number) => {
      now += ms
    },
  }
}
