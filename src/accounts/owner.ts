import DataLoader from 'dataloader'
import { appIdsOf, type Ctx } from '../context.ts'
import type { EventLog, Onboarding } from '../events/log.ts'
import type { AppConfig } from '../config/config.ts'
import { GraphError } from '../graph/error.ts'
import { unlessRefused } from '../graph/outcome-of.ts'
import type { Unclaimed } from '../graph/unclaimed-tokens.ts'
import type { Viewer } from '../graph/viewer.ts'
import { NodeHandle } from '../reads/node-handle.ts'

/**
 * The business that owns an account. Graph tells it to the customer's business token only, and that token is
 * asked for by the business id: the onboarding webhook is what says it first.
 */
export async function ownerOf(ctx: Ctx, wabaId: string, viewer: Viewer): Promise<NodeHandle<'Business'>> {
  const onboarding = await onboardingOf(ctx, { wabaId }, viewer.app.appId)
  if (onboarding) return asCustomer(onboarding, viewer)
  if (await isOwn(ctx, viewer.app, wabaId))
    return new NodeHandle('Business', viewer.app.businessId, { app: viewer.app })
  throw new GraphError(
    'token',
    'Reading the owner needs its business token, and no onboarding of this account has been seen that says whose it is.',
  )
}

/** Whether the account is of the app's own portfolio, and so no customer's: Meta's guide "Manage accounts". */
export async function isOwn({ reads }: Pick<Ctx, 'reads'>, app: AppConfig, wabaId: string): Promise<boolean> {
  const waba = await unlessRefused(reads.node('ClientWaba', wabaId, { app }, ['ownership_type']))
  return waba?.ownership_type === 'SELF'
}

type OnboardingOf = Parameters<EventLog['onboarding']>[0]

interface Lookup {
  readonly of: OnboardingOf
  readonly appId: string | null
}

/**
 * The newest known onboarding: of the app that asks, and of another one only when it has none, since whoever holds the
 * secret of one app must not decide whose the customers of another are. Those that are looked up in one tick are all
 * there in one tick, and so are read together.
 */
export function onboardingOf(
  ctx: Ctx,
  of: OnboardingOf,
  appId: string | null = null,
): Promise<Onboarding | null> {
  const loader = loaders.get(ctx) ?? openLoader(ctx)
  loaders.set(ctx, loader)
  return loader.load({ of, appId })
}

type Loader = DataLoader<Lookup, Onboarding | null>
const loaders = new WeakMap<Ctx, Loader>()

function openLoader(ctx: Ctx): Loader {
  const look = async ({ of, appId }: Lookup) => {
    const own = appId === null ? null : await ctx.log.onboarding(of, [appId])
    if (own) claimTokens(ctx, own)
    return own ?? ctx.log.onboarding(of, appIdsOf(ctx))
  }
  // Nothing is kept: a subscription may see an onboarding that was not there before.
  return new DataLoader((keys) => Promise.all(keys.map(look)), { cache: false })
}

/** A token that came before anybody told whose it is. */
function claimTokens(ctx: Ctx, known: Onboarding): void {
  for (const token of ctx.graph.unclaimed.claim(known.appId, known.wabaId)) rememberFor(ctx, token, known)
}

/** Keeps a customer's token, for reads with the solution that brought the account and for those without. */
export function rememberFor(
  { graph }: Ctx,
  { app, token, expiresAt }: Unclaimed,
  { ownerBusinessId: businessId, solutionId }: Pick<Onboarding, 'ownerBusinessId' | 'solutionId'>,
): void {
  for (const through of new Set([null, solutionId]))
    graph.remember({ app, customer: { businessId, solutionId: through } }, token, expiresAt)
}

export function asCustomer(
  { ownerBusinessId, solutionId }: Onboarding,
  { app }: Viewer,
): NodeHandle<'Business'> {
  const customer = { businessId: ownerBusinessId, solutionId }
  return new NodeHandle('Business', ownerBusinessId, { app, customer })
}
