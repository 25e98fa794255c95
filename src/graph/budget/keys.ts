import type { PreparedCall } from '../prepare.ts'

export type Budgeted = Pick<
  PreparedCall<unknown>,
  'appId' | 'credential' | 'who' | 'objects' | 'metering' | 'isRead' | 'priority' | 'group'
>

export const kindLane = ({ appId, credential }: Budgeted): string => `${appId} kind ${credential.kind}`
export const tokenLane = ({ appId, who }: Budgeted): string => `${appId} token ${who}`
export const objectLane = ({ appId }: Budgeted, object: string): string => `${appId} object ${object}`
const groupLane = ({ appId, group }: Budgeted): string => `${appId} group ${group}`

/** The budgets that a call uses up. */
export function lanesOf(call: Budgeted): readonly string[] {
  return [
    kindLane(call),
    tokenLane(call),
    ...(call.group === null ? [] : [groupLane(call)]),
    ...call.objects.map((object) => objectLane(call, object)),
  ]
}

/** That of what the call is about: its object, its objects as one, or its token when it is about none. */
export function ownLane(call: Budgeted): string {
  const [object] = call.objects
  if (call.group !== null) return groupLane(call)
  return object === undefined ? tokenLane(call) : objectLane(call, object)
}
