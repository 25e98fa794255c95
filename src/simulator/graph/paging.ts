import { createHash } from 'node:crypto'

import type { Field } from '../fields/parse.ts'
import { printFields } from '../fields/print.ts'
import type { JsonObject } from '../json.ts'
import type { BoundEdge, Scope } from '../nodes/bound.ts'
import { invalid } from './error.ts'
import { type Params, text } from './params.ts'

const most = 100
const usual = 25

interface Page {
  readonly keys: readonly string[]
  readonly paging: JsonObject | undefined
}

/** More than the edge allows is cut without an error: Meta's guide "Paginated results". */
function limitOf(params: Params): number {
  const given = text(params, 'limit')
  if (given === undefined) return usual
  if (!/^\d{1,9}$/.test(given) || Number(given) < 1) throw invalid('Param limit must be a positive integer')
  return Math.min(Number(given), most)
}

// A cursor carries the fingerprint of the whole list it points into. Rows that come or go change the
// fingerprint, and the cursor is dead: "Paginated results" says not to store cursors for that reason. The same page says
// that one of an item that was deleted is: `cursorLife: "row"` has only those die.
const fingerprint = (path: string, keys: readonly string[]): string =>
  createHash('sha1').update(`${path}:${keys.join()}`).digest('base64url').slice(0, 16)

const cursorOf = (print: string, key: string): string =>
  Buffer.from(`AQHR${print}:${key}`).toString('base64url')

function positionOf(cursor: string, print: string, keys: readonly string[]): number {
  const [head, key = ''] = Buffer.from(cursor, 'base64url').toString().split(':')
  const position = keys.indexOf(key)
  if (head !== `AQHR${print}` || position < 0)
    throw invalid('Invalid cursor: the list it points into has changed')
  return position
}

function rangeOf(params: Params, print: string, keys: readonly string[]): [start: number, end: number] {
  const [limit, after, before] = [limitOf(params), text(params, 'after'), text(params, 'before')]
  if (after !== undefined && before !== undefined) throw invalid('Cannot specify both after and before')
  if (before !== undefined) {
    const end = positionOf(before, print, keys)
    return [Math.max(0, end - limit), end]
  }
  const start = after === undefined ? 0 : positionOf(after, print, keys) + 1
  return [start, Math.min(keys.length, start + limit)]
}

export function pageOf(
  edge: BoundEdge,
  params: Params,
  fields: readonly Field[] | undefined,
  scope: Scope,
): Page {
  const all = edge.keys(params)
  const print = fingerprint(edge.path, scope.sim.world.settings.cursorLife === 'row' ? [] : all)
  const [start, end] = rangeOf(params, print, all)
  const keys = all.slice(start, end)
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined) return { keys, paging: undefined }
  const cursors = { before: cursorOf(print, first), after: cursorOf(print, last) }
  const link = (direction: 'after' | 'before'): string =>
    linkTo(edge, params, fields, scope, direction, cursors)
  const next = end < all.length ? { next: link('after') } : {}
  const previous = start > 0 ? { previous: link('before') } : {}
  return { keys, paging: { cursors, ...next, ...previous } }
}

/** Meta puts the caller's token into these links, so the simulator does: a gateway must not follow or show them. */
function linkTo(
  edge: BoundEdge,
  params: Params,
  fields: readonly Field[] | undefined,
  { sim, version, caller }: Scope,
  direction: 'after' | 'before',
  cursors: Record<'after' | 'before', string>,
): string {
  const url = new URL(`/${version}/${edge.path}`, sim.url)
  url.searchParams.set('access_token', caller.token)
  if (fields !== undefined) url.searchParams.set('fields', printFields(fields))
  for (const name of ['limit', ...edge.takes]) {
    const given = text(params, name)
    if (given !== undefined) url.searchParams.set(name, given)
  }
  url.searchParams.set(direction, cursors[direction])
  return url.href
}
