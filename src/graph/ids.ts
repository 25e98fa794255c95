/** An object id as Graph writes it: decimal digits, kept as a string because 17 digits do not fit a number. */
export type GraphId = string & { readonly __graphId: true }

// In JavaScript `$` without the m flag is the end of the text, so a trailing line break does not pass.
const DIGITS = /^[0-9]{1,20}$/

export function isGraphId(value: unknown): value is GraphId {
  return typeof value === 'string' && DIGITS.test(value)
}
