import { z } from 'zod'
import { get, post, type Endpoint } from '../endpoint.ts'
import { pageShape, type Page } from '../paging.ts'
import { graphIdShape, doneShape } from '../shapes.ts'

// Meta's guide "Manage system users"; `business`, which its sample fills with an account, is a portfolio in the SDK.
const assignedShape = z.looseObject({ id: graphIdShape, tasks: z.array(z.string()).nullish() })
export type AssignedUserNode = z.infer<typeof assignedShape>
const assignedPage = pageShape(assignedShape)

/** The users of a portfolio that are on an account, and what each may do there. */
export const listAssignedUsers = (
  wabaId: string,
  businessId: string,
  after?: string,
): Endpoint<Page<AssignedUserNode>> =>
  get(
    [wabaId, 'assigned_users'],
    { business: businessId, fields: 'id,tasks', limit: '100', after },
    assignedPage,
  )

/** Needs the token of an admin system user. Tasks that the user has already are replaced. */
export const postAssignedUser = (
  wabaId: string,
  userId: string,
  tasks: readonly string[],
): Endpoint<z.infer<typeof doneShape>> => post([wabaId, 'assigned_users'], { user: userId, tasks }, doneShape)

const systemUserShape = z.looseObject({ id: graphIdShape, role: z.string().nullish() })
export type SystemUser = z.infer<typeof systemUserShape>
const systemUsersPage = pageShape(systemUserShape)

/** Meta's Business SDK; the guide prints an account in this path. */
export const listSystemUsers = (businessId: string): Endpoint<Page<SystemUser>> =>
  get([businessId, 'system_users'], { fields: 'id,role', limit: '100' }, systemUsersPage)

/** `user` as a parameter, as Meta's Business SDK has it. */
export const unassignUser = (wabaId: string, userId: string): Endpoint<z.infer<typeof doneShape>> => ({
  method: 'DELETE',
  path: [wabaId, 'assigned_users'],
  query: { user: userId },
  token: 'system',
  expect: doneShape,
})
