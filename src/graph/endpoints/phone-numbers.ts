import { z } from 'zod'
import { post, type Endpoint } from '../endpoint.ts'
import type { PhoneNumberNode } from '../nodes.ts'
import type { Page } from '../paging.ts'
import { graphIdShape, doneShape, text } from '../shapes.ts'
import { numberPath, readEdge } from './nodes.ts'

type DoneReply = z.infer<typeof doneShape>

const createdShape = z.looseObject({ id: graphIdShape })

const fields = 'id,display_phone_number,verified_name,status,code_verification_status'

/** An account's numbers with what the four steps of registering go by. */
export const listAccountNumbers = (
  wabaId: string,
  after: string | undefined,
): Endpoint<Page<PhoneNumberNode>> =>
  readEdge('ClientWaba', wabaId, 'phone_numbers', { limit: 100, after, fields })

export interface NewNumber {
  readonly countryCode: string
  readonly phoneNumber: string
  readonly verifiedName: string
  /** It is in use under another account, and moves from there: Meta's guides on migrating. */
  readonly migrate: boolean
}

// The four steps of Meta's guide "Registering business phone numbers". All take the customer's business token, as
// "Onboarding customers as a Solution Partner" has it.
export const postPhoneNumber = (wabaId: string, input: NewNumber): Endpoint<{ id: string }> =>
  post(
    [wabaId, 'phone_numbers'],
    {
      cc: input.countryCode,
      phone_number: input.phoneNumber,
      verified_name: input.verifiedName,
      ...(input.migrate && { migrate_phone_number: true }),
    },
    createdShape,
    'business',
  )

export const codeMethods = ['SMS', 'VOICE'] as const
export type CodeMethod = (typeof codeMethods)[number]

export const requestCode = (
  phoneNumberId: string,
  method: CodeMethod,
  language: string,
): Endpoint<DoneReply> =>
  post(numberPath(phoneNumberId, 'request_code'), { code_method: method, language }, doneShape, 'business')

export const verifyCode = (phoneNumberId: string, code: string): Endpoint<DoneReply> => ({
  ...post(numberPath(phoneNumberId, 'verify_code'), { code }, doneShape, 'business'),
  secrets: [code],
})

export interface Registration {
  readonly pin: string
  readonly dataLocalizationRegion: string | null
}

export const registerNumber = (phoneNumberId: string, input: Registration): Endpoint<DoneReply> => ({
  ...post(
    numberPath(phoneNumberId, 'register'),
    {
      messaging_product: 'whatsapp',
      pin: input.pin,
      ...(input.dataLocalizationRegion !== null && {
        data_localization_region: input.dataLocalizationRegion,
      }),
    },
    doneShape,
    'business',
  ),
  secrets: [input.pin],
})

// Meta's guide "Onboarding WhatsApp Business app users".
const syncTypes = { CONTACTS: 'smb_app_state_sync', HISTORY: 'history' } as const
const requestedShape = doneShape.extend({ request_id: text })

/** What comes of it comes in webhooks. */
export const syncAppData = (
  phoneNumberId: string,
  type: keyof typeof syncTypes,
): Endpoint<z.infer<typeof requestedShape>> =>
  post(
    numberPath(phoneNumberId, 'smb_app_data'),
    { messaging_product: 'whatsapp', sync_type: syncTypes[type] },
    requestedShape,
    'business',
  )

export const deregisterNumber = (phoneNumberId: string): Endpoint<DoneReply> =>
  post(numberPath(phoneNumberId, 'deregister'), undefined, doneShape, 'business')
