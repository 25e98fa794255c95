import { invalidInput, type InvalidInputProblem } from '../errors/problem.ts'

/** What the schema says of the field `idempotencyKey`, of every mutation alike. */
export const keyDescription =
  'The same request with the same key gets the first outcome, also after a restart and from another instance, and is not ' +
  'sent again; another request with it is a CONFLICT. A refusal whose cause may pass frees it. 1 to 255 characters.'

/** What speaks against an idempotency key; PostgreSQL takes no text with a NUL in it. */
export function checkKey(key: string | null): InvalidInputProblem | null {
  if (key === null || (key.length >= 1 && key.length <= 255 && !/\p{Cc}/u.test(key))) return null
  return invalidInput(
    ['input', 'idempotencyKey'],
    'A key has 1 to 255 characters, none of them a control character.',
  )
}
