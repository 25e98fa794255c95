import type { PreparedCall } from '../prepare.ts'
import type { Credential } from '../request.ts'

export type Budgeted = Pick<
  PreparedCall<unknown>,
  'appId' | 'credential' | 'who' | 'object' | 'metering' | 'isRead' | 'priority'
>

const kinds: readonly Credential['kind'][] = ['system', 'business', 'user', 'app']

/** Graph limits an app's calls by the kind of token that they carry. */
export const kindLanes = (appId: string): readonly string[] => kinds.map((kind) => `${appId} kind ${kind}`)
export const kindLane = ({ appId, credential }: Budgeted): string => `${appId} kind ${credential.kind}`
export const tokenLane = ({ appId, who }: Budgeted): string => `${appId} token ${who}`
export const objectLane = ({ appId }: Pick<Budgeted, 'appId'>, object: string): string =>
  `${appId} object ${object}`

/** The budgets that a call uses up. */
export function lanesOf(call: Budgeted): readonly string[] {
  return [kindLane(call), tokenLane(call), ...(call.object === null ? [] : [objectLane(call, call.object)])]
}

/** That of what the call is about: its object, or its token when it is about none. */
export function ownLane(call: Budgeted): string {
  return call.object === null ? tokenLane(call) : objectLane(call, call.object)
}
