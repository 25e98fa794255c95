import { codeTable, type CodeRow } from './code-table.ts'

interface Said {
  readonly code: number | undefined
  readonly subcode?: number | undefined
  /** Graph's message and details. */
  readonly text?: string
}

/** From here on a number is a code of its own wherever it stands: Graph puts many of them into `error_subcode`. */
const leastLongCode = 1_000_000

/** The row of the table that an error belongs to: code and subcode decide, and of several with both the text. */
export function rowOf({ code, subcode, text = '' }: Said): CodeRow | undefined {
  if (code === undefined) return undefined
  const fits = (row: CodeRow): boolean => row.says?.test(text) ?? true
  const ofPair = codeTable.filter((row) => row.code === code && row.subcode === subcode)
  const pair = subcode === undefined ? undefined : ofPair.find(fits)
  const long = subcode !== undefined && subcode >= leastLongCode ? plainRow(subcode, fits) : undefined
  return pair ?? long ?? plainRow(code, fits)
}

const plainRow = (code: number, fits: (row: CodeRow) => boolean): CodeRow | undefined =>
  codeTable.find((row) => row.subcode === undefined && holds(row.code, code) && fits(row))

const holds = (named: CodeRow['code'], code: number): boolean =>
  typeof named === 'number' ? named === code : code >= named[0] && code <= named[1]
