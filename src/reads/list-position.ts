import { hash } from 'node:crypto'
import { GraphError } from '../graph/error.ts'
import { isCursor } from '../graph/paging.ts'

/** Where to go on in a list of Graph's. */
export interface ListPosition {
  /** Graph's own cursor of the page to begin with; null for the first. */
  readonly page: string | null
  /** How many of its rows were passed: 0 when it begins behind all of them, null when it is not known where they are. */
  readonly passed: number | null
  /** Ids of the rows that were passed last, in the order of the list. */
  readonly rows: readonly string[]
  /** Ids of rows that were shown and may stand further on all the same. */
  readonly ahead: readonly string[]
}

export const beginning: ListPosition = { page: null, passed: 0, rows: [], ahead: [] }

const mostIds = 20
const form = /^(\d{0,3}):([\w-]{8}):([\d.]*):([\d.]*):(.*)$/
const anId = /^\d{1,20}$/

/** What the cursors of a list are known by. `list` says which it is, with its filter and order. */
export const markOf = (list: string): string => hash('sha256', list, 'base64url').slice(0, 8)

export function writePosition(mark: string, { page, passed, rows, ahead }: ListPosition): string {
  const parts = [passed ?? '', mark, rows.join('.'), ahead.join('.'), page ?? '']
  return Buffer.from(parts.join(':')).toString('base64url')
}

/** Refuses what is not a cursor of this list. */
export function readPosition(mark: string, cursor: string): ListPosition {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  const [, passed, name, first = '', second = '', page = ''] = form.exec(text) ?? []
  const [rows, ahead] = [idsIn(first), idsIn(second)]
  const isOurs = name === mark && (page === '' || isCursor(page)) && rows !== null && ahead !== null
  if (passed === undefined || !isOurs || (rows.length === 0 && passed !== '0'))
    throw new GraphError('input', 'after is not a cursor of this list.')
  return { page: page === '' ? null : page, passed: passed === '' ? null : Number(passed), rows, ahead }
}

/** Null when they are none. */
function idsIn(text: string): readonly string[] | null {
  const ids = text === '' ? [] : text.split('.')
  return ids.length <= mostIds && ids.every((id) => anId.test(id)) ? ids : null
}

/** Rows side by side that were passed before. */
interface Run {
  readonly length: number
  /** The index behind it. */
  readonly end: number
}

/**
 * The index in a list at which the rows begin that have not been passed, or null when more of the list has to be read
 * to tell. `passed` are the rows that were passed last. They stood side by side, so the place is where most of them still
 * do, whichever of the others have gone, or have come back elsewhere. 'lost' when the whole list does not tell.
 */
export function locate(
  rows: readonly string[],
  passed: readonly string[],
  isWhole: boolean,
): number | 'lost' | null {
  const runs = runsIn(rows, new Set(passed)).toSorted((a, b) => b.length - a.length)
  const found = runs.reduce((sum, run) => sum + run.length, 0)
  const missing = isWhole ? 0 : passed.length - found
  const [best, ...others] = runs
  // What is missing may stand side by side as well, or go on with a run at the end of what was read.
  const rivals = others.map(({ length, end }) => (end === rows.length ? length + missing : length))
  if (best && best.length > Math.max(missing, ...rivals)) return best.end
  return isWhole ? 'lost' : null
}

function runsIn(rows: readonly string[], passed: ReadonlySet<string>): Run[] {
  const runs: Run[] = []
  let length = 0
  for (let index = 0; index <= rows.length; index++) {
    if (index < rows.length && passed.has(rows[index] ?? '')) length += 1
    else if (length > 0) {
      runs.push({ length, end: index })
      length = 0
    }
  }
  return runs
}

/** A list of Graph's that has changed so that it cannot be told where in it to go on. */
export class ListChanged extends GraphError {
  /** The cursor with which no row is left out, though some may be shown again. */
  readonly resumeFrom: string

  constructor(message: string, resumeFrom: string) {
    super('input', message)
    this.resumeFrom = resumeFrom
  }
}
