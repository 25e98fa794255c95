import { viewerKey } from '../graph/viewer.ts'
import { pageLifetimeOf } from '../graph/nodes.ts'
import { InFlightReads } from './dispatch.ts'
import { ReadCache, type CacheLimits, lifetimeOf, weigh, type Weight } from './read-cache.ts'
import { UnsupportedFields } from './unsupported-fields.ts'
import { endpointKey, type ListRequest, type ReadList } from './plan.ts'
import { ownersOf } from './evictions.ts'

/** What all operations of the process share of what Graph has said. */
export class ReadMemory {
  readonly cache: ReadCache
  readonly unsupported: UnsupportedFields
  readonly inFlight = new InFlightReads()

  constructor(limits?: CacheLimits) {
    this.cache = new ReadCache(limits)
    this.unsupported = new UnsupportedFields(this.cache)
  }
}

/** A page as it was read before, or undefined. */
export function listFrom(
  { cache }: Pick<ReadMemory, 'cache'>,
  request: ListRequest,
  maxAgeMs?: number,
): ReadList | undefined {
  const endpoint = request.endpoint(request.fields)
  if (pageLifetimeOf(endpoint.path) === null) return undefined
  return cache.page(endpointKey(endpoint, request.viewer), maxAgeMs) as ReadList | undefined
}

/** Keeps a page, and each row of it as the object that it is. */
export function keepList(
  { cache }: Pick<ReadMemory, 'cache'>,
  request: ListRequest,
  list: ReadList,
  since: number,
): void {
  const endpoint = request.endpoint(list.asked)
  const lifetime = pageLifetimeOf(endpoint.path)
  if (lifetime === null || endpoint.method !== 'GET') return
  const { type, viewer } = request
  const about = [...ownersOf(endpoint), endpoint.path[1] ?? '']
  const { ids, bytes } = type === null ? weighAll(list.value) : keepRows(cache, type, request, list, since)
  const fields = type === null ? [] : list.asked.map((field) => lifetimeOf(type, field))
  const lifetimeMs = Math.min(lifetime, ...fields)
  const all = [...new Set([...about, ...ids])]
  cache.keepPage(endpointKey(endpoint, viewer), list, { lifetimeMs, ids: all, bytes, since })
}

/** Each row is looked through once, for itself and for the page. */
function keepRows(
  cache: ReadMemory['cache'],
  type: string,
  request: ListRequest,
  { asked, value }: ReadList,
  since: number,
): Weight {
  const viewer = viewerKey(request.viewer)
  const ids: string[] = []
  let bytes = 0
  for (const row of rowsOf(value)) {
    const weight = isRow(row) ? cache.keep({ viewer, type, id: row.id }, asked, row, since) : weighAll(row)
    ids.push(...weight.ids)
    bytes += weight.bytes
  }
  return { ids, bytes }
}

const weighAll = (value: unknown): Weight =>
  typeof value === 'object' && value !== null ? weigh(value) : { ids: [], bytes: 0 }

type Row = Readonly<Record<string, unknown>> & { readonly id: string }

function rowsOf(page: unknown): readonly unknown[] {
  const rows = typeof page === 'object' && page !== null && 'data' in page ? page.data : []
  return Array.isArray(rows) ? rows : []
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string'
}
