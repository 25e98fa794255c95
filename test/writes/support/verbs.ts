import { accountVerbs } from './verbs/accounts.ts'
import { creditVerbs } from './verbs/credit.ts'
import { numberVerbs } from './verbs/numbers.ts'
import { solutionVerbs } from './verbs/solutions.ts'
import type { Verb } from './verbs/verb.ts'

/** What changes nothing at Graph: it goes into the log or the store alone. */
export const withoutGraph: readonly string[] = [
  'reportSignupSession',
  'redriveDeadLetter',
  'discardDeadLetter',
]

/** Every mutation with what it takes to be done, once or in several ways. */
export const verbs: readonly Verb[] = [...solutionVerbs, ...accountVerbs, ...numberVerbs, ...creditVerbs]
