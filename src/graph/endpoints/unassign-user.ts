import type { z } from 'zod'
import type { Endpoint } from '../endpoint.ts'
import { doneShape } from './done.ts'

/** `user` as a parameter, as Meta's Business SDK has it. */
export const unassignUser = (wabaId: string, userId: string): Endpoint<z.infer<typeof doneShape>> => ({
  method: 'DELETE',
  path: [wabaId, 'assigned_users'],
  query: { user: userId },
  token: 'system',
  expect: doneShape,
})
