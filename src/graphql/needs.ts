import { firstPageSize, plan, type Needs, type SelectedField } from './selection.ts'
import type { EdgeField, FieldTree } from '../graph/fields.ts'
import { actionFields, statusFields } from '../solutions/fields.ts'
import { turnFields } from '../solutions/turn.ts'
import { coexistenceFields } from '../accounts/coexistence.ts'

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

export const phoneNumberNeeds: Needs = {
  displayPhoneNumber: ['display_phone_number'],
  verifiedName: ['verified_name'],
  status: ['status'],
  qualityRating: ['quality_rating'],
  nameStatus: ['name_status'],
  newDisplayName: ['new_display_name'],
  newNameStatus: ['new_name_status'],
  codeVerificationStatus: ['code_verification_status'],
  throughput: ['throughput'],
  messagingLimit: ['whatsapp_business_manager_messaging_limit'],
  accountMode: ['account_mode'],
  platformType: ['platform_type'],
  isOnBizApp: ['is_on_biz_app'],
  coexistence: coexistenceFields,
  coexistenceSync: coexistenceFields,
  isOfficialBusinessAccount: ['is_official_business_account'],
  lastOnboardedTime: ['last_onboarded_time'],
  health: ['health_status'],
}

export const wabaNeeds: Needs = {
  ownerBusiness: ['ownership_type'],
  name: ['name'],
  currency: ['currency'],
  country: ['country'],
  timezoneId: ['timezone_id'],
  messageTemplateNamespace: ['message_template_namespace'],
  ownershipType: ['ownership_type'],
  accountReviewStatus: ['account_review_status'],
  businessVerificationStatus: ['business_verification_status'],
  status: ['status'],
  creationTime: ['creation_time'],
  isEnabledForInsights: ['is_enabled_for_insights'],
  isSharedWithPartners: ['is_shared_with_partners'],
  marketingMessagesDisabledOnCloudApi: ['disable_marketing_messages_on_cloud_api'],
  marketingMessagesLiteApiStatus: ['marketing_messages_lite_api_status'],
  marketingMessagesOnboardingStatus: ['marketing_messages_onboarding_status'],
  primaryBusinessLocation: ['primary_business_location'],
  purchaseOrderNumber: ['purchase_order_number'],
  messagingLimit: ['whatsapp_business_manager_messaging_limit'],
  onBehalfOfBusiness: ['on_behalf_of_business_info'],
  authInternationalRates: ['auth_international_rate_eligibility'],
  health: ['health_status'],
  solutions: (field) => nested('solutions', solutionNeeds, field),
  phoneNumbers: (field) => nested('phone_numbers', phoneNumberNeeds, field),
}

export const creditLineNeeds: Needs = { legalEntityName: ['legal_entity_name'] }

/** The first page of an edge rides along; one that begins further on is read by itself. */
function nested(name: string, needs: Needs, field: SelectedField): FieldTree {
  const limit = firstPageSize(field)
  return limit === null ? [] : [{ name, limit, fields: plan(needs, field.below('edges', 'node')) }]
}
