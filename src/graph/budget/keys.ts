import type { PreparedCall } from '../prepare.ts'
import type { Credential } from '../request.ts'

export type Budgeted = Pick<
  PreparedCall<unknown>,
  'appId' | 'credential' | 'who' | 'object' | 'metering' | 'isRead' | 'priority'
>

const kinds: readonly Credential['kind'][] = ['system', 'business', 'user', 'app']

/** Graph limits an app's calls by the kind of token that they carry. */
export const kindBudgets = (appId: string): readonly string[] => kinds.map((kind) => `${appId} kind ${kind}`)
export const kindBudget = ({ appId, credential }: Budgeted): string => `${appId} kind ${credential.kind}`
export const tokenBudget = ({ appId, who }: Budgeted): string => `${appId} token ${who}`
export const objectBudget = ({ appId }: Pick<Budgeted, 'appId'>, object: string): string =>
  `${appId} object ${object}`

/** The budgets that a call uses up. */
export function budgetsOf(call: Budgeted): readonly string[] {
  return [
    kindBudget(call),
    tokenBudget(call),
    ...(call.object === null ? [] : [objectBudget(call, call.object)]),
  ]
}

/** That of what the call is about: its object, or its token when it is about none. */
export function ownBudget(call: Budgeted): string {
  return call.object === null ? tokenBudget(call) : objectBudget(call, call.object)
}
