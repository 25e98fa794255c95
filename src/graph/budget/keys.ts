import type { PreparedCall } from '../prepare.ts'

export type Budgeted = Pick<
  PreparedCall<unknown>,
  'appId' | 'credential' | 'who' | 'object' | 'metering' | 'isRead' | 'priority'
>

export const kindLane = ({ appId, credential }: Budgeted): string => `${appId} kind ${credential.kind}`
export const tokenLane = ({ appId, who }: Budgeted): string => `${appId} token ${who}`
export const objectLane = ({ appId }: Budgeted, object: string): string => `${appId} object ${object}`

/** The budgets that a call uses up. */
export function lanesOf(call: Budgeted): readonly string[] {
  return [kindLane(call), tokenLane(call), ...(call.object === null ? [] : [objectLane(call, call.object)])]
}

/** That of what the call is about: its object, or its token when it is about none. */
export function ownLane(call: Budgeted): string {
  return call.object === null ? tokenLane(call) : objectLane(call, call.object)
}
