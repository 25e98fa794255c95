import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { maySetCredit } from '../system-users/assign-user.ts'

// Meta's guide "Multi-Partner Solutions": sharing credit is the Solution Partner's part.
export const noCreditLine = (appId: string): Problem =>
  gatewayProblem(
    'NOT_PERMITTED',
    `The business of app ${appId} has no credit line. A Tech Provider has none: its customers take that of the ` +
      'Solution Partner, who shares it.',
    false,
    { waitsFor: 'PARTNER', help: 'solutions' },
  )

export const noOwner: Problem = gatewayProblem(
  'NOT_PERMITTED',
  'Who owns this account cannot be told: no onboarding of it has been seen, and Graph does not say.',
  false,
  { help: 'credit' },
)

// Meta's page "Share and revoke credit lines"
export const otherLine = (lineId: string | null): Problem =>
  gatewayProblem(
    'CONFLICT',
    `${lineId === null ? 'Another credit line' : `Credit line ${lineId}`} is attached to this account, and a line ` +
      'cannot be changed once it is: another line takes a new account.',
    false,
    { help: 'credit' },
  )

export const otherPayer: Problem = gatewayProblem(
  'CONFLICT',
  'Something that is no line of this business pays for the account, and a line cannot be changed once it is attached. ' +
    'Nothing was shared. Of a customer who comes from another Solution Partner say `switchedPartner: true`.',
  false,
  { help: 'credit' },
)

export const otherCurrency = (currency: string): Problem =>
  gatewayProblem(
    'CONFLICT',
    `The line is attached to this account already, in ${currency}, and that cannot be changed.`,
    false,
    { help: 'credit' },
  )

/** The prerequisite of sharing: our system user on the account. Null tasks: it is not on it. */
export function refuseUnassigned(userId: string, tasks: readonly string[] | null): Problem | null {
  if (maySetCredit(tasks ?? [])) return null
  const has =
    tasks === null ? 'is not on this account' : `has only ${tasks.join(', ') || 'no task'} on this account`
  return gatewayProblem(
    'NOT_PERMITTED',
    `System user ${userId} ${has}, and sharing credit takes MANAGE or MANAGE_BILLING there. Say \`addSystemUser: true\` ` +
      'to have it added.',
    false,
    { help: 'credit' },
  )
}
