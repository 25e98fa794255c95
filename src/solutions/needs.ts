import type { EdgeField } from '../graph/fields.ts'
import { nested, plan, type Needs, type SelectedField } from '../graphql/selection.ts'
import { actionFields, statusFields } from './fields.ts'
import { turnFields } from './turn.ts'

// Which Graph fields each GraphQL field needs. Nothing that is not in a table is ever asked of Graph.

export const appNeeds: Needs = { name: ['name'], link: ['link'] }

export const partnerNeeds: Needs = {
  status: ['status'],
  graphStatus: ['status'],
  permissions: ['partner_permissions'],
  app: (field) => [{ name: 'partner_app', fields: plan(appNeeds, field.below()) }],
}

export const solutionNeeds: Needs = {
  name: ['name'],
  status: statusFields,
  graphStatus: ['status'],
  graphPendingRequest: ['status_for_pending_request'],
  acceptsOnboarding: statusFields,
  embeddedSignup: statusFields,
  ownerApp: (field) => [ownerApp(field.below())],
  ownerPermissions: ['owner_permissions'],
  partners: (field) => nested('partners', partnerNeeds, field),
  actions: actionFields,
  waitsFor: turnFields,
  waitsForReason: turnFields,
}

export const ownerApp = (selected: readonly SelectedField[]): EdgeField => ({
  name: 'owner_app',
  fields: plan(appNeeds, selected),
})
