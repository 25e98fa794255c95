import type { Party } from '../../errors/problem.ts'
import type { Restriction } from '../../accounts/restrictions.ts'
import {
  type AccountFacts,
  type BlockerFacts,
  found,
  type BlockerFinding,
  isStillTrusted,
} from './blocker.ts'
import { fromHealth } from './from-health.ts'
import { disabledSoon } from './reports.ts'

/** What Meta holds against the account or its owner. */
export function fromAccount(facts: BlockerFacts): readonly BlockerFinding[] {
  return [
    ...fromBan(facts),
    ...fromRestrictions(facts),
    ...fromReview(facts),
    ...fromCertification(facts),
    ...fromVerification(facts),
    ...fromHealth(facts.account?.health, ({ entityType }) => entityType !== 'PHONE_NUMBER', facts),
  ]
}

// Only ACTIVE is on a page of Meta's; these are told by third parties.
const banned: ReadonlySet<string> = new Set(['BANNED', 'DISABLED', 'DELETED', 'PENDING_DELETION'])

/** Whether Graph shows the account as fully usable. */
const isFine = (account: AccountFacts | null): boolean =>
  account?.status === 'ACTIVE' && account.health?.can_send_message !== 'BLOCKED'

function fromBan({ account, told: { ban }, now }: BlockerFacts): readonly BlockerFinding[] {
  const shown = account?.status ?? null
  if (shown !== null && banned.has(shown))
    return [
      found('ACCOUNT_DISABLED', {
        message: `Meta has disabled the account (${shown}): the customer appeals in Business Support Home.`,
        since: ban?.at ?? null,
      }),
    ]
  if (ban === null) return []
  if (ban.type === disabledSoon)
    return [
      found('ACCOUNT_DISABLED_SOON', {
        message: `Meta will disable the account${ban.banDate === null ? '' : ` on ${ban.banDate}`}: the customer appeals in Business Support Home.`,
        since: ban.at,
      }),
    ]
  if (isFine(account) && !isStillTrusted(ban.at, now)) return []
  return [
    found('ACCOUNT_DISABLED', {
      message: `Meta has disabled the account (${ban.type}): the customer appeals in Business Support Home.`,
      since: ban.at,
    }),
  ]
}

/** A restriction with an end counts until then; one without an end counts until Graph shows that the account is usable. */
export const inForce =
  ({ account, now }: BlockerFacts) =>
  ({ expiresAt, at }: Restriction): boolean =>
    expiresAt !== null || !isFine(account) || isStillTrusted(at, now)

function fromRestrictions(facts: BlockerFacts): readonly BlockerFinding[] {
  const standing = facts.told.restrictions.filter(({ number }) => number === null).filter(inForce(facts))
  return standing.map(({ type, expiresAt, stopsMessages, at }) =>
    found('ACCOUNT_RESTRICTED', {
      message: `Meta restricts the account: ${type}${until(expiresAt)}.`,
      since: at,
      blocksSending: stopsMessages,
    }),
  )
}

export const until = (expiresAt: number | null): string =>
  expiresAt === null ? '' : `, until ${new Date(expiresAt).toISOString()}`

function fromReview({ account, told: { review }, now }: BlockerFacts): readonly BlockerFinding[] {
  const shown = account?.reviewStatus ?? null
  const told = review !== null && (shown === null || isStillTrusted(review.at, now)) ? review.decision : null
  const since = review?.at ?? null
  if (shown === 'REJECTED' || told === 'REJECTED')
    return [
      found('ACCOUNT_REJECTED', {
        message:
          'Meta has rejected the account in its review: the customer asks for another one in Business Support Home.',
        since,
      }),
    ]
  const open = [told, shown].find((word) => word === 'PENDING' || word === 'DEFERRED')
  return open === undefined
    ? []
    : [found('ACCOUNT_IN_REVIEW', { message: `Meta reviews the account (${open}).`, since })]
}

const isVerified = (account: AccountFacts | null): boolean =>
  account?.verificationStatus?.toLowerCase() === 'verified'

/** Meta's page "Embedded Signup, website optional": a customer without a website is certified by the partner first. */
function fromCertification(facts: BlockerFacts): readonly BlockerFinding[] {
  const { certification } = facts.told
  if (certification === null || isVerified(facts.account)) return []
  const { status, at } = certification
  const waits = status === 'PENDING'
  return [
    found('CERTIFICATION_NEEDED', {
      message: waits
        ? 'Meta asked for a certification of the business, and looks at what was handed in.'
        : `Meta asks for a certification of the business by its partner${status === null ? '' : `; the last attempt is ${status}`}.`,
      since: at,
      waitsFor: waits ? 'META' : verifierOf(facts),
      action: !waits && facts.isSolutionPartner === true ? 'submitBusinessVerification' : null,
    }),
  ]
}

/** Meta's page "Partner-led business verification": a Solution Partner does it, a Tech Provider cannot. */
function verifierOf({ isSolutionPartner, cameThroughSolution }: BlockerFacts): Party {
  if (isSolutionPartner === true) return 'US'
  return cameThroughSolution ? 'PARTNER' : 'CUSTOMER'
}

/** A limit, and no more, unless Meta's health check says more. */
function fromVerification({ account, isSolutionPartner }: BlockerFacts): readonly BlockerFinding[] {
  const status = account?.verificationStatus?.toLowerCase() ?? null
  if (status === null || status === 'verified') return []
  const waits = status.startsWith('pending')
  return [
    found('BUSINESS_NOT_VERIFIED', {
      message: `The business is not verified (${status}): it may write to few customers a day.`,
      waitsFor: waits ? 'META' : 'CUSTOMER',
      action: !waits && isSolutionPartner === true ? 'submitBusinessVerification' : null,
    }),
  ]
}
