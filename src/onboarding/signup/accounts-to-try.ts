import type { TokenFacts } from '../../graph/endpoints/oauth.ts'

/** What may say which account a token is for. None of it proves anything. */
export interface Hints {
  /** What Graph says of the token; null when it says nothing. */
  readonly facts: TokenFacts | null
  /** Accounts that signup pages were just told of, newest first. */
  readonly told: readonly string[]
  /** Accounts that have just come, newest first. */
  readonly arrived: readonly string[]
}

const most = 20

/**
 * The accounts that a token may be for, the likeliest first. Ids in scopes stand with the newest first (guide "Manage
 * accounts"), and may be missing, or be those of something else.
 */
export function accountsToTry({ facts, told, arrived }: Hints): readonly string[] {
  const scopes = (facts?.granular_scopes ?? []).toSorted((one, other) => rank(one) - rank(other))
  const listed = scopes.flatMap(({ target_ids: ids }) => ids ?? [])
  return [...new Set([...listed, ...told, ...arrived])].slice(0, most)
}

const rank = ({ scope }: { readonly scope: string }): number => (scope.startsWith('whatsapp') ? 0 : 1)
