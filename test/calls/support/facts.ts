/** GraphQL fields of an account that come along with it, and the field of Graph's that brings each. */
export const wabaFields = {
  accountReviewStatus: 'account_review_status',
  status: 'status',
  creationTime: 'creation_time',
  isEnabledForInsights: 'is_enabled_for_insights',
  isSharedWithPartners: 'is_shared_with_partners',
  marketingMessagesDisabledOnCloudApi: 'disable_marketing_messages_on_cloud_api',
  marketingMessagesLiteApiStatus: 'marketing_messages_lite_api_status',
  marketingMessagesOnboardingStatus: 'marketing_messages_onboarding_status',
  primaryBusinessLocation: 'primary_business_location',
  purchaseOrderNumber: 'purchase_order_number',
  messagingLimit: 'whatsapp_business_manager_messaging_limit',
  onBehalfOfBusiness: 'on_behalf_of_business_info',
  authInternationalRates: 'auth_international_rate_eligibility',
  health: 'health_status',
}

/** The same of a number. */
export const numberFields = {
  status: 'status',
  qualityRating: 'quality_rating',
  nameStatus: 'name_status',
  newDisplayName: 'new_display_name',
  newNameStatus: 'new_name_status',
  codeVerificationStatus: 'code_verification_status',
  throughput: 'throughput',
  messagingLimit: 'whatsapp_business_manager_messaging_limit',
  accountMode: 'account_mode',
  platformType: 'platform_type',
  isOnBizApp: 'is_on_biz_app',
  coexistence: 'is_on_biz_app',
  isOfficialBusinessAccount: 'is_official_business_account',
  lastOnboardedTime: 'last_onboarded_time',
  health: 'health_status',
}
