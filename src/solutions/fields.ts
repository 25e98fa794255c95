import type { FieldTree } from '../graph/fields.ts'
import { shownField } from '../graph/nodes.ts'

/** The two fields that make one status. */
export const statusFields: FieldTree = ['status', 'status_for_pending_request']
export const ownerAppField = shownField('Solution', 'owner_app')
export const partnersField = shownField('Solution', 'partners')

/** What it takes to say who may do what: both sides, and the state. */
export const lifecycleFields: FieldTree = [...statusFields, ownerAppField, partnersField]

/** What it takes to say who may do what next, and no more. */
export const actionFields: FieldTree = [
  ...statusFields,
  { name: 'owner_app', fields: ['id'] },
  { name: 'partners', limit: 100, fields: ['id', { name: 'partner_app', fields: ['id'] }] },
]
