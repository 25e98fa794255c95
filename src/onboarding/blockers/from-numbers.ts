import { leftAppAt } from './reports.ts'
import { isConnected, isStopped } from '../../phone-numbers/numbers.ts'
import { type BlockerFacts, found, type BlockerFinding, isStillTrusted, type NumberFacts } from './blocker.ts'
import { inForce, until } from './from-account.ts'
import { fromHealth } from './from-health.ts'

/**
 * The blockers of the numbers. While one number can send, the others keep nobody from sending. That no number is registered
 * is said by the step.
 */
export function fromNumbers(facts: BlockerFacts): readonly BlockerFinding[] {
  const each = (facts.numbers ?? []).map((number) => ({ number, found: fromNumber(number, facts) }))
  const canSend = each.some(
    ({ number, found }) => isConnected(number) && !found.some(({ blocksSending }) => blocksSending),
  )
  return each.flatMap(({ found }) =>
    canSend ? found.map((one) => ({ ...one, blocksSending: false })) : found,
  )
}

function fromNumber(number: NumberFacts, facts: BlockerFacts): readonly BlockerFinding[] {
  return [
    ...fromStatus(number),
    ...fromRestrictions(number, facts),
    ...fromName(number, facts),
    ...fromQuality(number),
    ...fromDisconnection(number, facts),
    ...fromHealth(number.health, ({ entityType }) => entityType === 'PHONE_NUMBER', facts).filter(
      ({ code }) => code !== 'NUMBER_NOT_REGISTERED',
    ),
  ]
}

const named = ({ displayNumber, id }: NumberFacts): string => displayNumber ?? `the number ${id}`
const digitsOf = ({ displayNumber }: NumberFacts): string | null => displayNumber?.replace(/\D/g, '') ?? null

function fromStatus(number: NumberFacts): readonly BlockerFinding[] {
  const { status } = number
  if (status === 'FLAGGED')
    return [found('QUALITY_LOW', { message: `Meta has flagged ${named(number)} for its quality.` })]
  if (!isStopped(number)) return []
  return [
    found('NUMBER_RESTRICTED', {
      message: `Meta lets ${named(number)} send nothing (${status}).`,
      waitsFor: status === 'RATE_LIMITED' ? 'META' : 'CUSTOMER',
    }),
  ]
}

function fromRestrictions(number: NumberFacts, facts: BlockerFacts): readonly BlockerFinding[] {
  const digits = digitsOf(number)
  const own = facts.told.restrictions.filter((one) => one.number !== null && one.number === digits)
  return own.filter(inForce(facts)).map(({ type, expiresAt, at, stopsMessages }) =>
    found('NUMBER_RESTRICTED', {
      message: `Meta restricts ${named(number)}: ${type}${until(expiresAt)}.`,
      since: at,
      blocksSending: stopsMessages,
    }),
  )
}

/**
 * A name in use that was refused stops the number; a new name that was requested does not. A webhook counts while Graph
 * does not show it yet.
 */
function fromName(number: NumberFacts, { told, now }: BlockerFacts): readonly BlockerFinding[] {
  const review = told.names.get(digitsOf(number) ?? '')
  const { nameStatus, newNameStatus } = number
  const since = review?.at ?? null
  const isShown = nameStatus === 'DECLINED' || newNameStatus === 'DECLINED'
  const isTold = review?.decision === 'REJECTED' && (nameStatus === null || isStillTrusted(review.at, now))
  if (isShown || isTold) {
    const because = review?.rejectionReason ?? null
    return [
      found('NAME_REJECTED', {
        message: `Meta has refused the display name of ${named(number)}${because === null ? '' : ` (${because})`}: the customer asks for another one.`,
        since,
        blocksSending: newNameStatus !== 'DECLINED' || nameStatus === 'DECLINED',
      }),
    ]
  }
  return [...registerAgain(number, { told, now }), ...inReview(number, since)]
}

/** The page "Display names", as third parties read it: an approved name counts once the number is registered again. */
function registerAgain(
  number: NumberFacts,
  { told, now }: Pick<BlockerFacts, 'told' | 'now'>,
): readonly BlockerFinding[] {
  const review = told.names.get(digitsOf(number) ?? '')
  if (!review || review.registerAgainBy === null || review.registerAgainBy < now) return []
  // One that is not registered, or never is, has nothing to do again.
  if (!isConnected(number) || number.inApp === true) return []
  if ((told.registered.get(number.id) ?? 0) > review.at) return []
  const end = new Date(review.registerAgainBy).toISOString()
  return [
    found('REGISTER_AGAIN', {
      message: `Meta has approved a display name: register ${named(number)} again until ${end}, or the name is reviewed once more.`,
      since: review.at,
      action: 'registerPhoneNumber',
    }),
  ]
}

function inReview(number: NumberFacts, since: number | null): readonly BlockerFinding[] {
  const waits = [number.nameStatus, number.newNameStatus].includes('PENDING_REVIEW')
  return waits
    ? [found('NAME_IN_REVIEW', { message: `Meta reviews the display name of ${named(number)}.`, since })]
    : []
}

const fromQuality = (number: NumberFacts): readonly BlockerFinding[] =>
  number.quality === 'RED'
    ? [found('QUALITY_LOW', { message: `The quality of ${named(number)} is low (RED).` })]
    : []

function fromDisconnection(number: NumberFacts, { told }: BlockerFacts): readonly BlockerFinding[] {
  const at = leftAppAt(number, told)
  if (at === null) return []
  return [
    found('NUMBER_DISCONNECTED', {
      message: `${named(number)} has left through the WhatsApp Business app: the customer connects it there again.`,
      since: at,
    }),
  ]
}
