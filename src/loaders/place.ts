import { hash } from 'node:crypto'
import { GraphError } from '../graph/error.ts'
import { isCursor } from '../graph/paging.ts'

/** Where to go on in a list of Graph's. */
export interface Place {
  /** Graph's own cursor of the page to begin with; null for the first. */
  readonly page: string | null
  /** How many of its rows were passed: 0 when it begins behind all of them, null when it is not known where they are. */
  readonly passed: number | null
  /** Ids of the rows that were passed last, and at the end of those that may yet come although they were shown. */
  readonly rows: readonly string[]
}

export const beginning: Place = { page: null, passed: 0, rows: [] }

const mostRows = 9
const form = /^(\d{0,3}):([\w-]{8}):((?:\d{1,20}(?:\.\d{1,20})*)?):(.*)$/

/** What the cursors of a list are known by. `list` says which it is, with its filter and order. */
export const markOf = (list: string): string => hash('sha256', list, 'base64url').slice(0, 8)

export function writePlace(mark: string, { page, passed, rows }: Place): string {
  return Buffer.from(`${passed ?? ''}:${mark}:${rows.join('.')}:${page ?? ''}`).toString('base64url')
}

/** Refuses what is not a cursor of this list. */
export function readPlace(mark: string, cursor: string): Place {
  const [, passed, name, ids = '', page = ''] =
    form.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  const rows = ids === '' ? [] : ids.split('.')
  const isOurs = name === mark && (page === '' || isCursor(page)) && rows.length <= mostRows
  if (passed === undefined || !isOurs || (rows.length === 0 && passed !== '0'))
    throw new GraphError('input', 'after is not a cursor of this list.')
  return { page: page === '' ? null : page, passed: passed === '' ? null : Number(passed), rows }
}
