import type { Party } from '../../errors/problem.ts'
import { healthOf, type EntityHealth, type HealthError } from '../../accounts/health.ts'
import { type BlockerCode, type BlockerFacts, found, type BlockerFinding } from './blocker.ts'

// Codes as in `accounts/health.ts`, where the sources stand.
const codes: ReadonlyMap<number, BlockerCode> = new Map([
  [141006, 'NO_PAYMENT_METHOD'],
  [141010, 'BUSINESS_NOT_VERIFIED'],
  [131000, 'BUSINESS_NOT_VERIFIED'],
  [133010, 'NUMBER_NOT_REGISTERED'],
  [131045, 'NUMBER_NOT_REGISTERED'],
  [131031, 'ACCOUNT_RESTRICTED'],
  [368, 'ACCOUNT_RESTRICTED'],
] as const)

/**
 * The blockers from Meta's health check, for the entities that count here. Unknown codes of a BLOCKED entity count as well.
 */
export function fromHealth(
  health: Parameters<typeof healthOf>[0] | null | undefined,
  counts: (entity: EntityHealth) => boolean,
  facts: BlockerFacts,
): readonly BlockerFinding[] {
  if (!health) return []
  const { entities } = healthOf(health, partyThatPays(facts))
  return entities.filter(counts).flatMap((entity) => fromEntity(entity, facts))
}

/** Whose turn it is when nothing pays. */
export const partyThatPays = ({ isSolutionPartner, cameThroughSolution }: BlockerFacts): Party => {
  if (isSolutionPartner === true) return 'US'
  return cameThroughSolution ? 'PARTNER' : 'CUSTOMER'
}

function fromEntity(entity: EntityHealth, facts: BlockerFacts): readonly BlockerFinding[] {
  const isBlocked = entity.canSendMessage === 'BLOCKED'
  const errors = entity.errors.filter(({ concernsMessaging }) => concernsMessaging)
  const all = errors.flatMap((error) => fromError(error, isBlocked, facts))
  if (all.length > 0 || !isBlocked) return all
  return [
    found('SENDING_BLOCKED', {
      message: `Meta says that ${entity.entityType ?? 'something'} blocks all messages, and not why.`,
    }),
  ]
}

function fromError(error: HealthError, isBlocked: boolean, facts: BlockerFacts): readonly BlockerFinding[] {
  const code = codes.get(error.code ?? -1) ?? (isBlocked ? 'SENDING_BLOCKED' : null)
  if (code === null) return []
  const text = [error.description, error.possibleSolution].filter((part) => part !== null).join(' ')
  return [
    found(code, {
      message: text === '' ? `Meta's health check reports ${error.code ?? 'an error'}.` : text,
      blocksSending: isBlocked,
      ...(error.waitsFor !== null && { waitsFor: error.waitsFor }),
      ...actionFor(code, error.waitsFor, facts),
    }),
  ]
}

function actionFor(
  code: BlockerCode,
  waitsFor: Party | null,
  { steps }: BlockerFacts,
): { readonly action?: string } {
  if (waitsFor !== 'US') return {}
  // No credit line is shared with an account of our own, or with one that something else pays for.
  const takesCredit = steps.every(({ kind, state }) => kind !== 'CREDIT_SHARED' || state !== 'NOT_NEEDED')
  if (code === 'NO_PAYMENT_METHOD') return takesCredit ? { action: 'shareCreditLine' } : {}
  return code === 'NUMBER_NOT_REGISTERED' ? { action: 'registerPhoneNumber' } : {}
}
