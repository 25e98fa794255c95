import type { Page } from './paging.ts'

interface Listed<T> {
  readonly rows: readonly T[]
  /** False when there is more than was read: what is not among the rows may still be there. */
  readonly complete: boolean
}

/** A list page by page, up to so many pages. */
export async function listAll<T>(
  read: (after: string | undefined) => Promise<Page<T>>,
  mostPages = 20,
): Promise<Listed<T>> {
  const rows: T[] = []
  let after: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await read(after)
    rows.push(...answer.data)
    if (answer.after === null) return { rows, complete: true }
    after = answer.after
  }
  return { rows, complete: false }
}
