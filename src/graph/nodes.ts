import { z } from 'zod'
import { pageOf } from './paging.ts'
import {
  authRatesShape,
  fact,
  flag,
  graphIdShape,
  healthShape,
  instant,
  onBehalfOfShape,
  throughputShape,
} from './shapes.ts'

// Wire shapes are loose on purpose: Meta adds keys, leaves empty fields out, and sends enum values that its
// pages do not list. What the gateway relies on is checked, everything else passes.

// Shapes are made once, here: zod compiles each the first time that it is used.
// Graph leaves an empty field out, or sends null.
const text = z.string().nullish()
const texts = z.array(z.string()).nullish()

export const appShape = z.looseObject({ id: graphIdShape, name: text, link: text })
export type AppNode = z.infer<typeof appShape>
export const appsPage = pageOf(appShape)

export const partnerShape = z.looseObject({
  id: graphIdShape,
  status: text,
  partner_app: appShape.optional(),
  partner_permissions: texts,
})
export type PartnerNode = z.infer<typeof partnerShape>
export const partnersPage = pageOf(partnerShape)

export const solutionShape = z.looseObject({
  id: graphIdShape,
  name: text,
  status: text,
  status_for_pending_request: text,
  owner_app: appShape.optional(),
  owner_permissions: texts,
  partners: partnersPage.optional(),
})
export type SolutionNode = z.infer<typeof solutionShape>
export const solutionsPage = pageOf(solutionShape)

export const phoneNumberShape = z.looseObject({
  id: graphIdShape,
  display_phone_number: text,
  verified_name: text,
  status: text,
  quality_rating: text,
  name_status: fact,
  new_display_name: fact,
  new_name_status: fact,
  code_verification_status: fact,
  throughput: throughputShape,
  whatsapp_business_manager_messaging_limit: fact,
  account_mode: fact,
  platform_type: fact,
  is_on_biz_app: flag,
  is_official_business_account: flag,
  last_onboarded_time: instant,
  health_status: healthShape,
})
export type PhoneNumberNode = z.infer<typeof phoneNumberShape>
export const phoneNumbersPage = pageOf(phoneNumberShape)

export const subscribedAppShape = z.looseObject({
  whatsapp_business_api_data: appShape,
  override_callback_uri: text,
})

export const wabaShape = z.looseObject({
  id: graphIdShape,
  name: text,
  currency: text,
  country: text,
  timezone_id: z.union([z.string(), z.number()]).transform(String).optional(),
  message_template_namespace: text,
  ownership_type: text,
  account_review_status: text,
  business_verification_status: text,
  owner_business: z.looseObject({ id: graphIdShape }).nullish(),
  primary_funding_id: fact,
  status: fact,
  creation_time: instant,
  is_enabled_for_insights: flag,
  is_shared_with_partners: flag,
  disable_marketing_messages_on_cloud_api: flag,
  marketing_messages_lite_api_status: fact,
  marketing_messages_onboarding_status: fact,
  primary_business_location: fact,
  purchase_order_number: fact,
  whatsapp_business_manager_messaging_limit: fact,
  on_behalf_of_business_info: onBehalfOfShape,
  auth_international_rate_eligibility: authRatesShape,
  health_status: healthShape,
  solutions: solutionsPage.optional(),
  phone_numbers: phoneNumbersPage.optional(),
})
export type WabaNode = z.infer<typeof wabaShape>

export const businessShape = z.looseObject({ id: graphIdShape, name: text, verification_status: text })
export type BusinessNode = z.infer<typeof businessShape>

// Meta's Business SDK, ExtendedCredit and ExtendedCreditAllocationConfig
export const creditLineShape = z.looseObject({ id: graphIdShape, legal_entity_name: text })
export type CreditLineNode = z.infer<typeof creditLineShape>
export const creditLinesPage = pageOf(creditLineShape)

const credential = z.looseObject({ id: graphIdShape }).nullish()
export const creditAllocationShape = z.looseObject({
  id: graphIdShape,
  request_status: text,
  receiving_business: businessShape.nullish(),
  receiving_credential: credential,
  owning_credential: credential,
})
export type CreditAllocationNode = z.infer<typeof creditAllocationShape>

export const wabasPage = pageOf(wabaShape)
export type SubscribedApp = z.infer<typeof subscribedAppShape>
export const subscribedAppsPage = pageOf(subscribedAppShape)
