import type { ExecutionResult } from 'graphql'

/** An item as all who listen get it: executed once, printed once. */
export interface Shown {
  readonly seq: number
  readonly cursor: string
  readonly result: ExecutionResult
  /** The result as JSON. */
  readonly text: string
}

const texts = new WeakMap<ExecutionResult, string>()

/** The same text for the same result. */
export function printResult(result: ExecutionResult): string {
  const known = texts.get(result)
  if (known !== undefined) return known
  const { data, errors, extensions } = result
  const text = JSON.stringify({ data, errors, extensions })
  texts.set(result, text)
  return text
}
