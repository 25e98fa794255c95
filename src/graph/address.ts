import { GraphError } from './error.ts'

/** Where Graph is: what a pool connects to, and what every path begins with. */
export interface Address {
  readonly origin: string
  readonly root: string
}

const VERSION = /^v[0-9]{1,3}\.[0-9]{1,2}$/

// A call without a version is served by the one set in the app's dashboard, hence never without:
// developers.facebook.com/docs/graph-api/guides/versioning
export function parseAddress(baseUrl: string, version: string): Address {
  const url = URL.parse(baseUrl)
  const plain = url !== null && !url.username && !url.password && !url.search && !url.hash
  if (!plain || !/^https?:$/.test(url.protocol)) {
    throw new GraphError('input', 'The address of Graph is not a plain http or https URL.')
  }
  if (!VERSION.test(version)) throw new GraphError('input', 'The Graph version is not of the form v27.0.')
  return { origin: url.origin, root: `${url.pathname.replace(/\/+$/, '')}/${version}` }
}
