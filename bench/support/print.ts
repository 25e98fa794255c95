import type { Row } from './row.ts'

const titles: Required<Row> = { what: '', gateway: 'gateway', bare: 'bare', ratio: 'ratio', aim: 'aim' }
const columns = ['what', 'gateway', 'bare', 'ratio', 'aim'] as const

/** Prints the rows as a Markdown table whose columns also line up in a terminal. */
export function printTable(rows: readonly Row[]): void {
  printCells([titles, ...rows].map((row) => columns.map((column) => row[column] ?? '-')))
}

/** The same for lines of any cells, the first of which are titles. */
export function printCells(cells: readonly (readonly string[])[]): void {
  const widths = (cells[0] ?? []).map((_, index) =>
    Math.max(...cells.map((line) => line[index]?.length ?? 0)),
  )
  const lines = cells.map((line) => `| ${line.map((cell, at) => pad(cell, at, widths)).join(' | ')} |`)
  const rule = `|${widths.map((width, at) => `${'-'.repeat(width + 1)}${at === 0 ? '-' : ':'}`).join('|')}|`
  console.log([lines[0], rule, ...lines.slice(1)].join('\n'))
}

// Words to the left, figures to the right.
function pad(cell: string, at: number, widths: readonly number[]): string {
  const width = widths[at] ?? 0
  return at === 0 ? cell.padEnd(width) : cell.padStart(width)
}
