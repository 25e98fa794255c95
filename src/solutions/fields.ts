import type { FieldTree } from '../graph/fields.ts'

const appFields: FieldTree = ['id', 'name', 'link']

/** The two fields that make one status. */
export const statusFields: FieldTree = ['status', 'status_for_pending_request']
export const ownerAppFields: FieldTree = [{ name: 'owner_app', fields: appFields }]
export const partnerFields: FieldTree = [
  'id',
  'status',
  'partner_permissions',
  { name: 'partner_app', fields: appFields },
]

export const partnersFields = (limit: number): FieldTree => [
  { name: 'partners', limit, fields: partnerFields },
]

/** What it takes to say who may do what: both sides, and the state. */
export const lifecycleFields: FieldTree = [...statusFields, ...ownerAppFields, ...partnersFields(100)]

/** What it takes to say who may do what next, and no more. */
export const actionFields: FieldTree = [
  ...statusFields,
  { name: 'owner_app', fields: ['id'] },
  { name: 'partners', limit: 100, fields: ['id', { name: 'partner_app', fields: ['id'] }] },
]

/** Everything that the graph shows of a solution: what subscribers of one event share. */
export const wholeSolution: FieldTree = ['name', 'owner_permissions', ...lifecycleFields]
