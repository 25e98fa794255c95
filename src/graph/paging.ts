import { z, type ZodType } from 'zod'

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

const pagingShape = z.object({
  cursors: z.object({ after: z.unknown() }).partial().nullish(),
  next: z.string().nullish(),
})

/**
 * The shape of an edge's answer. Only `next` says that there is more, never the length of a page, and the cursor
 * comes with the last page too: developers.facebook.com/docs/graph-api/results
 */
export function pageOf<T>(item: ZodType<T>): ZodType<Page<T>> {
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
