import type { FieldTree } from '../graph/fields.ts'
import { wholeSolution } from '../solutions/fields.ts'

export const phoneNumberFields: FieldTree = [
  'id',
  'display_phone_number',
  'verified_name',
  'status',
  'quality_rating',
]

export const phoneNumbersFields = (limit: number): FieldTree => [
  { name: 'phone_numbers', limit, fields: phoneNumberFields },
]

/** Everything that the graph shows of an account at its first pages: what subscribers of one event share. */
export const wholeWaba: FieldTree = [
  'name',
  'currency',
  'country',
  'timezone_id',
  'message_template_namespace',
  'ownership_type',
  'account_review_status',
  'business_verification_status',
  ...phoneNumbersFields(25),
  { name: 'solutions', limit: 25, fields: ['id', ...wholeSolution] },
]
