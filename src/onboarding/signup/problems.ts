import { gatewayProblem, invalidInput, type GraphApiProblemType, type Problem } from '../../errors/problem.ts'
import { saidOf, withSaid } from '../../problems.ts'

export const notAllowed = invalidInput(
  ['input', 'redirectUri'],
  'This is none of the addresses that the operator lists in SIGNUP_REDIRECT_URIS. They are compared as they are.',
)

const lost = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The code was sent and no definite answer came. It works once and for 30 seconds, so it is not sent again: the customer ' +
    'signs up once more, and the new code is handed in.',
  false,
  { waitsFor: 'CUSTOMER' },
)

const lostAndNotNeeded = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The code was sent and no definite answer came, so it is not sent again. Nor is it needed: a token that opens the account ' +
    'comes another way, through the solution or from the portfolio.',
  false,
  { waitsFor: null },
)

export const gone = gatewayProblem(
  'TOKEN_INVALID',
  'This code was changed for a token before, and that token is no longer here or no longer valid. A ' +
    'code works once: the customer signs up once more, and the new code is handed in.',
  false,
  { waitsFor: 'CUSTOMER' },
)

export const unread = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The code was changed for a token, which is kept, and which account it opens could not be read. The same request reads ' +
    'again and does not send the code.',
  true,
  { waitsFor: 'META' },
)

export const unreadHere = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The code was changed for a token, which is in the memory of one instance of this gateway alone, and which account it opens ' +
    'could not be read. The same request there reads again and does not send the code.',
  true,
  { waitsFor: 'US' },
)

export const notYet = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The code was changed for a token by another instance of this gateway, which has yet to find out which account it opens. ' +
    'The same request there reads again.',
  true,
  { waitsFor: 'US' },
)

// Graph has these words for a code of another app as well, and for one that is cut off.
const ofAnotherApp =
  'A code is good only for the app whose login page made it: `appId` has to name that app, and `code` has to be whole.'

/** The code table knows what these mean. */
const knownSubcodes: ReadonlySet<number | null> = new Set([36_007, 36_008, 36_009])

const isAboutTheCode = (problem: Problem): problem is GraphApiProblemType =>
  problem.type === 'GraphApiProblem' &&
  problem.graphCode === 100 &&
  problem.code === 'UPSTREAM_REFUSED' &&
  !knownSubcodes.has(problem.graphSubcode)

/** What happened to the exchange, and what to do. */
export async function explain(problem: Problem, opensAnyway: () => Promise<boolean>): Promise<Problem> {
  if (isAboutTheCode(problem)) return withAdvice(problem, ofAnotherApp)
  if (problem.code !== 'OUTCOME_UNKNOWN' || problem.retryable) return problem
  return withSaid((await opensAnyway()) ? lostAndNotNeeded : lost, saidOf(problem))
}

const withAdvice = (problem: GraphApiProblemType, advice: string): Problem => ({
  ...problem,
  message: `${problem.message}${/[.!?…]$/.test(problem.message) ? '' : '.'} ${advice}`,
  remedy: { ...problem.remedy, help: 'signup' },
})
