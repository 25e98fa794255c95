import type { AppConfig } from '../../config/config.ts'
import type { Ctx } from '../../context.ts'
import type { StoredEvent } from '../../events/event.ts'
import type { EventKind } from '../../events/kinds.ts'
import { readNode } from '../../graph/endpoints/nodes.ts'
import { debugToken, type TokenFacts } from '../../graph/endpoints/tokens.ts'
import { readOwner } from '../../graph/endpoints/wabas.ts'
import { GraphError, type GraphOutcome } from '../../graph/error.ts'
import type { Unclaimed } from '../../graph/token-vault.ts'
import { witnessOf } from '../../graph/nodes.ts'
import { rememberToken } from '../../accounts/account.ts'
import { arrivingKinds, isArrival } from '../../accounts/arrival.ts'
import { eventsReceivedSince } from '../../events/page.ts'
import { sessionIn } from '../../alerts/signup-session.ts'

export interface TokenBinding {
  readonly wabaId: string
  /** What is held under the digest of the code until the exchange is on record as done. */
  readonly held: Unclaimed
  /** Null while the owner is not known: the token is held until it is. */
  readonly businessId: string | null
}

/** The token that a code was exchanged for, and the key by which it is held. */
export interface FreshToken {
  readonly app: AppConfig
  readonly token: string
  /** Digest of the code. */
  readonly digest: string
}

/**
 * Finds the account that a token opens, by reading it with the token: scopes and the ids in them say too little or too
 * much. Held from the beginning, so that a read which fails costs nobody a signup.
 */
export async function bindToken(ctx: Ctx, fresh: FreshToken, wanted: string | null): Promise<TokenBinding> {
  const { app, token, digest } = fresh
  const held: Unclaimed = { app, digest, token, wabaId: null, expiresAt: null }
  await ctx.graph.unclaimed.hold(held)
  const facts = await factsOf(ctx, fresh)
  // The proof is made with our secret, so Graph accepts no other token here; this message is clearer than Graph's.
  if (facts?.app_id != null && facts.app_id !== app.appId)
    throw new GraphError('permission', 'The token was issued for another app.')
  const wabaIds = wanted === null ? await likelyAccounts(ctx, app, facts) : [wanted]
  const { wabaId, ownerId } = await firstThatOpens(ctx, fresh, wabaIds)
  const found: Unclaimed = { ...held, wabaId, expiresAt: endOf(facts) }
  // Before anybody is asked whose the account is: who is told of that later finds the token.
  await ctx.graph.unclaimed.hold(found)
  const known = await ctx.log.onboarding({ wabaId }, [app.appId])
  const businessId = ownerId ?? known?.ownerBusinessId ?? null
  if (businessId !== null)
    await rememberToken(ctx, found, { ownerBusinessId: businessId, solutionId: known?.solutionId ?? null })
  return { wabaId, businessId, held: found }
}

/** What Graph says about the token. Only the time of its expiry is used. */
async function factsOf(ctx: Ctx, { app, token }: FreshToken): Promise<TokenFacts | null> {
  try {
    return (await ctx.graph.call(debugToken(token), { app })).data
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    ctx.logger.info({ err: error, appId: app.appId }, 'nothing could be learnt of the token of a signup')
    return null
  }
}

const endOf = (facts: TokenFacts | null): number | null =>
  facts?.expires_at ? facts.expires_at * 1000 : null

interface Opened {
  readonly wabaId: string
  readonly ownerId: string | null
}

/** Reads a field that only accounts have, and the owner, which not every token may read. */
async function firstThatOpens(
  ctx: Ctx,
  { app, token }: FreshToken,
  wabaIds: readonly string[],
): Promise<Opened> {
  const as = { app, userToken: token }
  const fields = `id,${witnessOf('ClientWaba')}`
  const reads = wabaIds.flatMap((id) => [
    { endpoint: readNode('ClientWaba', id, fields, 'user'), as },
    { endpoint: readOwner(id), as },
  ])
  const outcomes = reads.length === 0 ? [] : await ctx.graph.readAll(reads)
  for (const [index, wabaId] of wabaIds.entries()) {
    const [account, owner] = outcomes.slice(index * 2)
    if (account && 'value' in account) return { wabaId, ownerId: ownerIn(owner) }
  }
  throw whyNone(outcomes)
}

function ownerIn(outcome: GraphOutcome | undefined): string | null {
  if (!outcome || !('value' in outcome)) return null
  return (outcome.value as { owner_business_info: { id: string } }).owner_business_info.id
}

/** Failures that may pass come before those that will not. */
function whyNone(outcomes: readonly GraphOutcome[]): GraphError {
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? outcome.error : []))
  return errors.find(({ transient }) => transient) ?? new GraphError('permission', opensNone)
}

const opensNone =
  'The token that came for the code opens no account that was named or is known. It is kept: hand the same code in again ' +
  'with the `wabaId` that the signup page was told, or once the webhook of the signup has come.'

async function likelyAccounts(
  ctx: Ctx,
  { appId }: AppConfig,
  facts: TokenFacts | null,
): Promise<readonly string[]> {
  const since = ctx.clock() - hintsLastMs
  const recent = async (kinds: readonly EventKind[]): Promise<readonly StoredEvent[]> =>
    (await eventsReceivedSince(ctx.log, { appIds: [appId], kinds }, since)).toReversed()
  const [sessions, arrivals] = await Promise.all([recent(['SIGNUP_SESSION']), recent(arrivingKinds)])
  const told = sessions.flatMap((event) => sessionIn(event).wabaIds)
  return accountsToTry({
    facts,
    told,
    arrived: arrivals.filter(isArrival).flatMap(({ wabaId }) => wabaId ?? []),
  })
}

const hintsLastMs = 60 * 60_000

/** Hints at the account that a token is for. None of them is proof. */
export interface Hints {
  /** What Graph says about the token; null when it says nothing. */
  readonly facts: TokenFacts | null
  /** Accounts that signup pages have reported, newest first. */
  readonly told: readonly string[]
  /** Accounts that have just arrived, newest first. */
  readonly arrived: readonly string[]
}

const mostAccounts = 20

/**
 * The accounts that a token may be for, the likeliest first. Ids in scopes stand with the newest first (guide "Manage
 * accounts"), and may be missing, or be those of something else.
 */
export function accountsToTry({ facts, told, arrived }: Hints): readonly string[] {
  const scopes = (facts?.granular_scopes ?? []).toSorted((one, other) => rank(one) - rank(other))
  const listed = scopes.flatMap(({ target_ids: ids }) => ids ?? [])
  return [...new Set([...listed, ...told, ...arrived])].slice(0, mostAccounts)
}

const rank = ({ scope }: { readonly scope: string }): number => (scope.startsWith('whatsapp') ? 0 : 1)
