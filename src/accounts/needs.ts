import { nested, type Needs } from '../graphql/selection.ts'
import { solutionNeeds } from '../solutions/needs.ts'
import { coexistenceFields } from './coexistence.ts'

// Which Graph fields each GraphQL field needs. Nothing that is not in a table is ever asked of Graph.

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
