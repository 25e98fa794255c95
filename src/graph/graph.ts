import type { GraphClient } from './client.ts'
import { Credentials } from './credentials.ts'
import type { Endpoint } from './endpoint.ts'
import { GraphError } from './error.ts'
import type { Viewer } from './viewer.ts'

/** The Graph API as the rest of the gateway uses it: an endpoint, and who asks. */
export interface Graph {
  call<T>(endpoint: Endpoint<T>, as: Viewer, signal?: AbortSignal): Promise<T>
}

export function createGraph(client: GraphClient): Graph {
  const credentials = new Credentials(client)
  return {
    async call(endpoint, as, signal) {
      const { token, ...call } = endpoint
      const credential = await credentials.of(token, as)
      try {
        return await client.request({ ...call, credential, ...(signal && { signal }) })
      } catch (error) {
        if (error instanceof GraphError && error.kind === 'token') credentials.forget(as)
        throw error
      }
    },
  }
}
