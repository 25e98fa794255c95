import { GraphError } from './error.ts'
import { isDeadCursor, type Page } from './paging.ts'

/** A page of a list. `isOutdated` when what was read of it before is known not to be true any more. */
type ReadPage<T> = (after: string | undefined, isOutdated: boolean) => Promise<Page<T>>

interface Listed<T> {
  readonly rows: readonly T[]
  /** False when there is more than was read: what is not among the rows may still be there. */
  readonly complete: boolean
}

const mostTries = 3

/**
 * A list page by page, up to so many pages. When Graph no longer takes its cursor, since rows have come or gone, it is
 * begun again; a list that changes each time that it is read is not complete.
 */
export async function listAll<T>(read: ReadPage<T>, mostPages = 20): Promise<Listed<T>> {
  for (let tries = 1; ; tries++) {
    const rows: T[] = []
    const isComplete = await readInto(rows, read, mostPages, tries > 1)
    if (isComplete === null && tries < mostTries) continue
    return { rows, complete: isComplete ?? false }
  }
}

/** The same of a list that is of no use when some of it may be missing. `whose` begins the sentence that says so. */
export async function listWhole<T>(
  read: ReadPage<T>,
  whose: string,
  mostPages?: number,
): Promise<readonly T[]> {
  const { rows, complete } = await listAll(read, mostPages)
  if (complete) return rows
  throw new GraphError('too-large', `${whose} than can be looked at, or they change while they are read.`)
}

/** Whether it came to the end; null when a cursor was dead. */
async function readInto<T>(
  rows: T[],
  read: ReadPage<T>,
  mostPages: number,
  isAgain: boolean,
): Promise<boolean | null> {
  let after: string | undefined
  for (let page = 0; page < mostPages; page++) {
    try {
      const answer = await read(after, isAgain && page === 0)
      rows.push(...answer.data)
      if (answer.after === null) return true
      after = answer.after
    } catch (error) {
      if (after !== undefined && isDeadCursor(error)) return null
      throw error
    }
  }
  return false
}
