import { z, type ZodType } from 'zod'
import { pause } from '../lib/pause.ts'
import { GraphError } from './error.ts'

/** One page of an edge. `after` is where the next page begins; null on the last one. */
export interface Page<T> {
  readonly data: readonly T[]
  readonly after: string | null
}

// Cursors are opaque; those seen are base64. Nothing that could end a `.after(…)` or a parameter may pass.
const CURSOR = /^[A-Za-z0-9+/=_.:~-]{1,2000}$/
const REMOVED = '[removed]'

export function isCursor(value: unknown): value is string {
  return typeof value === 'string' && CURSOR.test(value)
}

// "After Cursor specified exceeds the max limit supported by this endpoint": of the same page, and not what is meant.
const TOO_DEEP = /exceeds the max limit/i

/**
 * Whether Graph has refused a cursor, or what came with it: cursors end when rows of their list are added or removed, says
 * developers.facebook.com/docs/graph-api/results, and not with which code. 100 is that of any bad parameter.
 */
export function isDeadCursor(error: unknown): boolean {
  return (
    error instanceof GraphError &&
    error.kind === 'invalid' &&
    error.code === 100 &&
    !TOO_DEEP.test(error.message)
  )
}

const pagingShape = z.object({
  cursors: z.object({ after: z.unknown() }).partial().nullish(),
  next: z.string().nullish(),
})

/**
 * The shape of an edge's answer. Only `next` says that there is more, never the length of a page, and the cursor
 * comes with the last page too: developers.facebook.com/docs/graph-api/results
 */
export function pageShape<T>(item: ZodType<T>): ZodType<Page<T>> {
  return z.object({ data: z.array(item), paging: pagingShape.nullish() }).transform((page, context) => {
    const more = Boolean(page.paging?.next)
    const after = page.paging?.cursors?.after
    if (!more) return { data: page.data, after: null }
    if (isCursor(after)) return { data: page.data, after }
    context.addIssue({ code: 'custom', message: 'more is announced without a cursor', path: ['paging'] })
    return z.NEVER
  })
}

/**
 * Takes the links out of every `paging` in an answer, since they carry the token in clear; that one was there stays
 * visible. Works in place and without recursion, so deep nesting cannot overflow the stack.
 */
export function removePagingLinks(answer: unknown): void {
  const open: unknown[] = [answer]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value) && 'paging' in value) hideLinks(value.paging)
    for (const child of Object.values(value)) if (typeof child === 'object') open.push(child)
  }
}

function hideLinks(paging: unknown): void {
  if (typeof paging !== 'object' || paging === null) return
  if ('next' in paging && paging.next) paging.next = REMOVED
  if ('previous' in paging && paging.previous) paging.previous = REMOVED
}

/** A page of a list. `isOutdated` when what was read of it before is known not to be true any more. */
type ReadPage<T> = (after: string | undefined, isOutdated: boolean) => Promise<Page<T>>

interface Listed<T> {
  readonly rows: readonly T[]
  /** False when there is more than was read: what is not among the rows may still be there. */
  readonly complete: boolean
  /** It is not complete because it has changed each time that it was read. */
  readonly isChanging: boolean
}

export interface ListLimits {
  readonly pages?: number
  /** How long to wait at most before the list is read once more; longer each time. */
  readonly pauseMs?: number
}

const mostTries = 6

/**
 * A list page by page, up to so many pages. When Graph no longer takes its cursor, since rows have come or gone, it is
 * begun again, with a pause of another length for each reader: readers who then change the list would else do so together.
 * A list that changes each time that it is read is not complete.
 */
export async function listAll<T>(
  read: ReadPage<T>,
  { pages = 20, pauseMs = 100 }: ListLimits = {},
): Promise<Listed<T>> {
  for (let tries = 1; ; tries++) {
    const rows: T[] = []
    const isComplete = await readInto(rows, read, pages, tries > 1)
    if (isComplete !== null) return { rows, complete: isComplete, isChanging: false }
    if (tries === mostTries) return { rows, complete: false, isChanging: true }
    await pause(Math.random() * pauseMs * tries)
  }
}

/** The same of a list that is of no use when some of it may be missing. `whose` begins the sentence that says so. */
export async function listWhole<T>(
  read: ReadPage<T>,
  whose: string,
  limits?: ListLimits,
): Promise<readonly T[]> {
  const listed = await listAll(read, limits)
  if (listed.complete) return listed.rows
  throw incompleteList(listed, whose)
}

/** Why nothing can be told of what is not among the rows. */
export const incompleteList = (
  { isChanging }: Pick<Listed<unknown>, 'isChanging'>,
  whose: string,
): GraphError =>
  isChanging ? changingList() : new GraphError('too-large', `${whose} than can be looked at.`)

/** Another try may find it at rest. */
const changingList = (): GraphError =>
  new GraphError(
    'unavailable',
    `A list of Graph's that this takes has changed each of ${mostTries} times that it was read. Ask again in a moment.`,
  )

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
