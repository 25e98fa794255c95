import type { RegistrationBudget } from './registration-budget.ts'

/** Why a number cannot be registered or deregistered now; null while it can. */
export function usedUpReason({ remaining, limit, nextReleaseAt }: RegistrationBudget): string | null {
  if (remaining > 0 || nextReleaseAt === null) return null
  const until = new Date(nextReleaseAt).toISOString()
  return `The ${limit} registrations and deregistrations of 72 hours are used up until ${until}.`
}
