// Meta's guides "Multi-Partner Solutions" and "Manage system users"; FULL_CONTROL is in its OpenAPI file only.
const enough: ReadonlySet<string> = new Set(['MANAGE', 'MANAGE_BILLING', 'FULL_CONTROL'])

export const maySetCredit = (tasks: readonly string[]): boolean => tasks.some((task) => enough.has(task))

/**
 * The task to give a system user so that it may share credit. MANAGE works only with full access: to whom the solution
 * gave no MESSAGING there is MANAGE_BILLING. `permissions`: ours in the solutions of the account, null when it came
 * through none.
 */
export const taskToAssign = (permissions: readonly string[] | null): string =>
  permissions === null || permissions.includes('MESSAGING') ? 'MANAGE' : 'MANAGE_BILLING'
