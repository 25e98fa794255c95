import type { Ctx } from '../context.ts'
import { inspectToken, type TokenFacts } from '../graph/endpoints/tokens.ts'
import { type GraphError, type GraphOutcome, outcomeOf } from '../graph/error.ts'
import type { TokenOrigin } from '../graph/business-tokens.ts'
import { type Viewer, viewerKey } from '../graph/viewer.ts'
import { Lru } from '../lib/lru.ts'
import { type Account, viewerOfAccount } from './account.ts'

/** What is known of the token that opens an account, and never the token. */
export interface TokenHealth {
  readonly kind: 'BUSINESS' | 'SYSTEM'
  /** Null when there is none. */
  readonly source: TokenOrigin['source'] | 'CONFIGURATION' | null
  /** Null when Graph does not say. */
  readonly isValid: boolean | null
  /** Milliseconds since 1970; null when it does not end, or nobody says. */
  readonly endsAt: number | null
  /** When Graph last said whether it is valid; null when it never has. */
  readonly triedAt: number | null
  /** Null when Graph does not say. */
  readonly permissions: readonly string[] | null
  /** Why it is not valid, or why that cannot be told; null when it is. */
  readonly reason: string | null
}

/** What Graph says of the token that opens an account; `accounts/token.ts` has which one that is. At most a minute old. */
export async function tokenHealthOf(ctx: Ctx, account: Account): Promise<TokenHealth> {
  if (account.customer === null) return healthOfSystemToken(ctx, account)
  const as = viewerOfAccount(account)
  const known = recall(ctx, as)
  if (known) return known
  const outcome = await inspect(ctx, 'business', as)
  const origin = ctx.graph.tokenOrigin(as)
  if (origin !== null) {
    const facts = factsIn(ctx, outcome, origin.endsAt)
    return remember(ctx, as, { kind: 'BUSINESS', source: origin.source, ...facts })
  }
  // Where no solution brought the account it may be one that the system token opens.
  if (account.customer.solutionId === null) return healthOfSystemToken(ctx, account)
  return { kind: 'BUSINESS', source: null, ...factsIn(ctx, outcome, null), isValid: false }
}

async function healthOfSystemToken(ctx: Ctx, { app }: Account): Promise<TokenHealth> {
  const known = recall(ctx, { app })
  if (known) return known
  const outcome = await inspect(ctx, 'system', { app })
  // It asks about itself: what refuses it has answered.
  const isRefused = 'error' in outcome && outcome.error.kind === 'token'
  const facts = factsIn(ctx, outcome, null)
  const health = { kind: 'SYSTEM', source: 'CONFIGURATION', ...facts } as const
  return remember(ctx, { app }, isRefused ? { ...health, isValid: false } : health)
}

interface Remembered {
  readonly health: TokenHealth
  /** Of the token that it is about; another token has another. */
  readonly origin: TokenOrigin | null
}

const rememberedMs = 60_000
const mostRemembered = 10_000
/** By what lives as long as the process. */
const memories = new WeakMap<Ctx['eventReads'], Lru<Remembered>>()

function recall({ eventReads, graph, clock }: Ctx, as: Viewer): TokenHealth | null {
  const known = memories.get(eventReads)?.get(viewerKey(as))
  if (!known || known.origin !== graph.tokenOrigin(as)) return null
  return clock() - (known.health.triedAt ?? 0) < rememberedMs ? known.health : null
}

/** What Graph did not say is not remembered. */
function remember({ eventReads, graph }: Ctx, as: Viewer, health: TokenHealth): TokenHealth {
  const memory = memories.get(eventReads) ?? new Lru<Remembered>({ entries: mostRemembered })
  memories.set(eventReads, memory)
  if (health.triedAt !== null) memory.set(viewerKey(as), { health, origin: graph.tokenOrigin(as) })
  return health
}

type Outcome = GraphOutcome<{ data: TokenFacts }>

/** What may pass says nothing of the token. */
async function inspect(ctx: Ctx, kind: 'business' | 'system', as: Viewer): Promise<Outcome> {
  const outcome = await outcomeOf(ctx.reads.call(inspectToken(kind), as))
  if ('error' in outcome && outcome.error.transient) throw outcome.error
  return outcome
}

function factsIn({ clock }: Ctx, outcome: Outcome, endsAt: number | null) {
  if ('error' in outcome) return { ...unknown, endsAt, reason: saidIn(outcome.error) }
  const { is_valid: isValid, expires_at: end, scopes, error } = outcome.value.data
  return {
    isValid,
    endsAt: end ? end * 1000 : endsAt,
    triedAt: clock(),
    permissions: scopes ?? null,
    reason: isValid === false ? refused(error ?? {}) : null,
  }
}

const unknown = { isValid: null, triedAt: null, permissions: null }

const saidIn = ({ message }: GraphError): string => message

const refused = ({ code, subcode }: NonNullable<TokenFacts['error']>): string =>
  code
    ? `Graph calls it invalid: code ${code}${subcode ? `, subcode ${subcode}` : ''}.`
    : 'Graph calls it invalid.'
