import { invalidInput, type InvalidInputProblem } from '../errors/problem.ts'

/** What speaks against an idempotency key; PostgreSQL takes no text with a NUL in it. */
export function checkKey(key: string | null): InvalidInputProblem | null {
  if (key === null || (key.length >= 1 && key.length <= 255 && !/\p{Cc}/u.test(key))) return null
  return invalidInput(
    ['input', 'idempotencyKey'],
    'A key has 1 to 255 characters, none of them a control character.',
  )
}
