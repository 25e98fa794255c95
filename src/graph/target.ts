import { GraphError } from './error.ts'
import { isGraphId } from './ids.ts'

const EDGE = /^[a-z][a-z0-9_]{0,99}$/
const PARAMETER = /^[a-z][a-z0-9_]{0,99}$/

// A token belongs into the header, and the proof is ours to add.
const OURS = ['access_token', 'appsecret_proof']
// Meta's blog posts on v26.0 and v27.0: refused or ignored on every version, or barred to new apps. `callback` would turn
// JSON into a script besides, and `method` a read into a write.
const ENDED = ['ids', 'date_format', 'debug', 'pretty', 'callback', 'method', 'asyncbatch']
const RESERVED: ReadonlySet<string> = new Set([...OURS, ...ENDED])

/** What follows the version: `123/partners?fields=…&appsecret_proof=…`. */
export function printTarget(
  path: readonly string[],
  query: Readonly<Record<string, string>>,
  proof: string | null,
): string {
  const segments = path.map((segment) => encodeURIComponent(checkSegment(segment)))
  checkParameters(Object.keys(query))
  const parameters = new URLSearchParams(proof === null ? query : { ...query, appsecret_proof: proof })
  return `${segments.join('/')}?${parameters}`
}

/** The path for people and metrics: ids give way to a placeholder. */
export function printRoute(path: readonly string[]): string {
  return `/${path.map((segment) => (isGraphId(segment) ? '{id}' : segment)).join('/')}`
}

function checkSegment(segment: string): string {
  if (isGraphId(segment) || EDGE.test(segment)) return segment
  throw new GraphError('input', 'A segment of a Graph path is neither an id nor the name of an edge.')
}

export function checkParameters(names: readonly string[]): void {
  const refused = names.some((name) => RESERVED.has(name) || !PARAMETER.test(name))
  if (refused) throw new GraphError('input', 'A parameter of a Graph request has a name that is not allowed.')
}
