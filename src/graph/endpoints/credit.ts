import { z } from 'zod'
import { get, post, type Endpoint } from '../endpoint.ts'
import type { TokenKind } from '../viewer.ts'
import { type Page, pageShape } from '../paging.ts'
import { graphIdShape, doneShape } from '../shapes.ts'
import { nodes, type CreditAllocationNode, type CreditLineNode, type WabaNode } from '../nodes.ts'
import { readNode } from './nodes.ts'

// developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/share-and-revoke-credit-lines
// has all of these, with the system token of an Admin or Financial Editor but for the one that says otherwise.

interface PageArgs {
  readonly limit: number
  readonly after?: string | undefined
  readonly fields: string
}

const creditLinesPage = pageShape(nodes.CreditLine.shape)

export const listCreditLines = (
  businessId: string,
  { limit, after, fields }: PageArgs,
): Endpoint<Page<CreditLineNode>> =>
  get([businessId, 'extendedcredits'], { limit: String(limit), after, fields }, creditLinesPage)

// It is an edge, and yet the page's sample of one business is the bare record.
const allocationsShape = z.union([
  pageShape(nodes.CreditAllocation.shape),
  nodes.CreditAllocation.shape.transform((row) => ({ data: [row], after: null })),
])

/** What the line is shared with now; what was revoked is not listed: docs/marketing-api/reference/extended-credit */
export const listAllocations = (
  creditLineId: string,
  { limit, after, fields, receivingBusinessId }: PageArgs & { receivingBusinessId?: string | undefined },
): Endpoint<Page<CreditAllocationNode>> =>
  get(
    [creditLineId, 'owning_credit_allocation_configs'],
    { limit: String(limit), after, receiving_business_id: receivingBusinessId, fields },
    allocationsShape,
  )

export const creditCurrencies = ['AUD', 'EUR', 'GBP', 'IDR', 'INR', 'USD'] as const
export type CreditCurrencyEnum = (typeof creditCurrencies)[number]

export interface Attachment {
  readonly creditLineId: string
  readonly wabaId: string
  readonly currency: CreditCurrencyEnum
}

const sharedShape = z.looseObject({ allocation_config_id: graphIdShape })
const attachedShape = doneShape.extend({ allocation_config_id: graphIdShape.nullish() })
type Shared = z.infer<typeof sharedShape>
type Attached = z.infer<typeof attachedShape>

/** Shares the line with the owner of the account and attaches it to the account. */
export const shareAndAttach = ({ creditLineId, wabaId, currency }: Attachment): Endpoint<Shared> =>
  post(
    [creditLineId, 'whatsapp_credit_sharing_and_attach'],
    { waba_currency: currency, waba_id: wabaId },
    sharedShape,
  )

/** The alternate method's first write: shares the line with a business. */
export const shareWithBusiness = (creditLineId: string, receivingBusinessId: string): Endpoint<Shared> =>
  post(
    [creditLineId, 'whatsapp_credit_sharing'],
    { receiving_business_id: receivingBusinessId },
    doneShape.extend(sharedShape.shape),
  )

/**
 * Its second: the one call that takes the business token. On an account of partner-initiated creation that token does
 * not work, and the system token does: the guide of that name.
 */
export const attachToWaba = (
  { creditLineId, wabaId, currency }: Attachment,
  token: Extract<TokenKind, 'system' | 'business'>,
): Endpoint<Attached> =>
  post(
    [creditLineId, 'whatsapp_credit_attach'],
    { waba_currency: currency, waba_id: wabaId },
    attachedShape,
    token,
  )

/** Takes the line from every account of the business at once. */
export const revokeAllocation = (allocationId: string): Endpoint<z.infer<typeof doneShape>> => ({
  method: 'DELETE',
  path: [allocationId],
  token: 'system',
  expect: doneShape,
})

/** What pays for an account: `primary_funding_id`, with the business token but for partner-initiated accounts. */
export const readFunding = (
  wabaId: string,
  token: Extract<TokenKind, 'system' | 'business'>,
): Endpoint<WabaNode> => readNode('ClientWaba', wabaId, 'id,currency,primary_funding_id', token)

/** Who owns an account, as the alternate method asks before it shares. */
export const readOwnerInfo = (
  wabaId: string,
  token: Extract<TokenKind, 'system' | 'business'>,
): Endpoint<WabaNode> => readNode('ClientWaba', wabaId, 'id,owner_business_info', token)
