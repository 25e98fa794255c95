import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { listAccountNumbers } from '../graph/endpoints/phone-numbers.ts'
import type { PhoneNumberNode } from '../graph/nodes.ts'
import { listWhole } from '../graph/paging.ts'
import { unlessRefused } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import type { Account } from '../accounts/account.ts'

/** An account's numbers as they are now, all of them: what is not among them is not on the account. */
export async function lookAtNumbers(
  ctx: Ctx,
  { app, wabaId }: Pick<Account, 'app' | 'wabaId'>,
): Promise<readonly PhoneNumberNode[]> {
  const read = (after: string | undefined) => ctx.graph.call(listAccountNumbers(wabaId, after), { app })
  return listWhole(read, 'The account has more phone numbers')
}

export const listingFields: FieldTree = ['health_status']

/**
 * The accounts that are known to list a number: those that Graph names in its health. In Meta's account model since
 * 2026-09-23 there may be more, and no call lists them.
 */
export async function accountsListing(
  ctx: Pick<Ctx, 'reads'>,
  number: NodeHandle<'PhoneNumber'>,
): Promise<readonly string[]> {
  const { health_status: health } = await number.get(ctx.reads, listingFields)
  const named = (health?.entities ?? []).filter((entity) => entity?.entity_type === 'WABA')
  return [...new Set(named.flatMap((entity) => entity?.id ?? []))]
}

/** What is kept of a number in the audit of a change to it. */
export interface NumberState {
  readonly known: boolean
  readonly status: string | null
  readonly verification: string | null
}

export async function lookAtNumber(ctx: Ctx, account: Account, id: string): Promise<NumberState> {
  const number = (await lookAtNumbers(ctx, account)).find((one) => one.id === id)
  return {
    known: number !== undefined,
    status: number?.status ?? null,
    verification: number?.code_verification_status ?? null,
  }
}

export interface NumberInApp extends NumberState {
  /** Whether the customer uses it with the WhatsApp Business app as well; null when Graph does not say. */
  readonly coexistence: boolean | null
}

/** Not every version of Graph tells this, and it fails a call as a whole for a field that it does not take. */
export async function lookWithApp(ctx: Ctx, account: Account, id: string): Promise<NumberInApp> {
  const inApp = ctx.reads.read('PhoneNumber', id, { app: account.app }, coexistenceFields)
  const [state, read] = await Promise.all([lookAtNumber(ctx, account, id), unlessRefused(inApp)])
  return { ...state, coexistence: mayBeInApp((read?.node ?? {}) as Partial<PhoneNumberNode>) }
}

// Meta's guide "Migrating customers off solutions": CONNECTED is a live number.
export const isConnected = ({ status }: { readonly status?: string | null | undefined }): boolean =>
  status === 'CONNECTED'

// Statuses of Meta's SDK that no registration changes.
const stopped: ReadonlySet<string> = new Set(['BANNED', 'RESTRICTED', 'RATE_LIMITED'])

/** Meta lets the number send nothing. */
export const isStopped = ({ status }: { readonly status?: string | null | undefined }): boolean =>
  stopped.has(status ?? '')

/** A number of another account is none of this one's, whoever owns both. */
export const refuseForeign = ({ known }: NumberState): Problem | null =>
  known ? null : gatewayProblem('NOT_FOUND', 'The account has no such phone number.')

export const refuseVerified = ({ verification }: Pick<NumberState, 'verification'>): Problem | null =>
  verification === 'VERIFIED'
    ? gatewayProblem('WRONG_STATE', 'The number is verified already.', false, { waitsFor: null })
    : null

/** One of the app counts as being in use with both when nobody says where it is hosted: to register it would take it away. */
export const mayBeInApp = (node: Partial<PhoneNumberNode>): boolean | null =>
  isCoexistence(node) ?? (node.is_on_biz_app === true ? true : null)

/** Meta's guide "Onboarding WhatsApp Business app users": such numbers are neither registered nor deregistered. */
export function refuseCoexistence(
  { coexistence, status }: Pick<NumberInApp, 'coexistence' | 'status'>,
  step: 'REGISTER' | 'DEREGISTER',
): Problem | null {
  if (coexistence !== true) return null
  const isWanted = step === 'REGISTER'
  const isThere = isConnected({ status })
  const ending = 'The customer ends it in the app: Settings, Account, Business Platform.'
  const beginning = isThere ? 'It is connected.' : 'It is not connected: the customer does that in the app.'
  return gatewayProblem(
    'WRONG_STATE',
    'The number is in use with the WhatsApp Business app as well, and such a number is neither registered nor ' +
      `deregistered. ${isWanted ? beginning : ending}`,
    false,
    { waitsFor: isWanted && isThere ? null : 'CUSTOMER', help: 'coexistence' },
  )
}

// As Meta's reference says it, and its OpenAPI file. One that has EXPIRED may be in use: Graph judges.
const unverified: ReadonlySet<string | null> = new Set(['NOT_VERIFIED', 'UNVERIFIED'])

// Meta's page "Error codes", 133006: it would cost one of ten requests to be told.
export const refuseUnverified = ({ verification }: Pick<NumberState, 'verification'>): Problem | null =>
  unverified.has(verification)
    ? gatewayProblem(
        'WRONG_STATE',
        'The number is not verified: request a code and verify it before.',
        false,
        { help: 'registration' },
      )
    : null

/** What it takes to tell. */
export const coexistenceFields: FieldTree = ['is_on_biz_app', 'platform_type']

/**
 * Whether the customer goes on using the number in the WhatsApp Business app. Meta's guide "Onboarding WhatsApp Business app
 * users": `is_on_biz_app` is true and `platform_type` CLOUD_API. Null when Graph does not say.
 */
export function isCoexistence({
  is_on_biz_app: isOnBizApp,
  platform_type: platform,
}: Pick<Partial<PhoneNumberNode>, 'is_on_biz_app' | 'platform_type'>): boolean | null {
  if (isOnBizApp == null) return null
  if (!isOnBizApp) return false
  return platform == null ? null : platform === 'CLOUD_API'
}
