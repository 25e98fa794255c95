import { splitPath } from '../graph/call.ts'
import { type Params, fromSearch } from '../graph/params.ts'
import { type Json, isList, isObject, parseJson } from '../json.ts'

/** What a request asks for, as far as it is counted and named. */
export interface Asked {
  readonly method: string
  readonly path: readonly string[]
  readonly params: Params
}

/** The items of a batch as they came, readable or not. */
export function batchItems(params: Params): readonly Json[] {
  const given = params.get('batch')
  if (typeof given !== 'string') return isList(given) ? given : []
  try {
    const list = parseJson(given)
    return isList(list) ? list : []
  } catch {
    return []
  }
}

export function askedBy(item: Json): Asked {
  const { method, relative_url: address } = isObject(item) ? item : {}
  const url = URL.parse(`/${String(address).replace(/^\/+/, '')}`, 'http://item.invalid')
  const { path } = splitPath(url?.pathname ?? '')
  const name = typeof method === 'string' ? method.toUpperCase() : 'GET'
  return { method: name, path, params: fromSearch(url?.searchParams ?? new URLSearchParams()) }
}
