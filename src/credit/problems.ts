import { gatewayProblem, type Problem } from '../errors.ts'

// Meta's guide "Multi-Partner Solutions": sharing credit is the Solution Partner's part.
export const noCreditLine = (appId: string): Problem =>
  gatewayProblem(
    'NOT_PERMITTED',
    `The business of app ${appId} has no credit line. A Tech Provider has none: its customers take that of the ` +
      'Solution Partner, who shares it.',
  )

export const noAccount: Problem = gatewayProblem(
  'NOT_FOUND',
  'There is no such account, or it is not shared with the app.',
)

export const noOwner: Problem = gatewayProblem(
  'NOT_PERMITTED',
  'Who owns this account cannot be told: no onboarding of it has been seen, and Graph does not say.',
)

// Meta's page "Share and revoke credit lines"
export const otherLine = (lineId: string | null): Problem =>
  gatewayProblem(
    'CONFLICT',
    `${lineId === null ? 'Another credit line' : `Credit line ${lineId}`} is attached to this account, and a line ` +
      'cannot be changed once it is: another line takes a new account.',
  )

export const otherCurrency = (currency: string): Problem =>
  gatewayProblem(
    'CONFLICT',
    `The line is attached to this account already, in ${currency}, and that cannot be changed.`,
  )
