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
