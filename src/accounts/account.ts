import DataLoader from 'dataloader'
import type { AppConfig } from '../config/config.ts'
import { appIdsOf, appsNamed, type Ctx } from '../context.ts'
import { gatewayProblem, noSuchApp, severalApps, type Problem } from '../errors/problem.ts'
import { StoreUnavailable, type EventLog, type KnownOnboarding } from '../events/log.ts'
import type { WabaNode } from '../graph/nodes.ts'
import { unlessRefused, GraphError } from '../graph/error.ts'
import type { Unclaimed } from '../graph/token-vault.ts'
import type { Customer, Viewer } from '../graph/viewer.ts'
import type { FieldTree } from '../graph/fields.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'

/** An account as one app of ours sees it. Whoever asks who owns it asks `accountOf`. */
export interface Account {
  readonly app: AppConfig
  readonly wabaId: string
  /** Who owns the account; null when it is of the app's own portfolio, or when nobody can tell. */
  readonly customer: Customer | null
  /** Whether it is of the app's own portfolio, and so no customer's. */
  readonly isOwn: boolean
}

export const noAccount: Problem = gatewayProblem(
  'NOT_FOUND',
  'There is no such account, or it is not shared with the app.',
)

/** The account, and the app that acts: the one that was named, or the only one that sees the account. */
export async function findAccount(
  ctx: Ctx,
  { wabaId, appId }: { readonly wabaId: string; readonly appId: string | null },
): Promise<Account | Problem> {
  const apps = appsNamed(ctx, appId)
  if (apps.length === 0) return noSuchApp
  const seen = await Promise.all(apps.map((app) => findNode(ctx.reads, 'ClientWaba', wabaId, ['id'], [app])))
  const [app, ...others] = seen.flatMap((waba) => waba?.viewer.app ?? [])
  if (!app) return noAccount
  return others.length > 0
    ? severalApps([app, ...others], 'both see this account')
    : accountOf(ctx, app, wabaId)
}

/**
 * The account with its owner: whom the app's own onboarding names, else whom the app is on record as having shared a credit
 * line with for it, else whom Graph names. What another app was told comes last, since whoever holds the secret of one app
 * must not decide whose the customers of another are.
 */
export async function accountOf(
  ctx: Ctx,
  app: AppConfig,
  wabaId: string,
  row: OwnerFields | null = null,
): Promise<Account> {
  const told = await onboardingOf(ctx, { wabaId }, app.appId)
  const ownerId =
    told?.appId === app.appId
      ? told.ownerBusinessId
      : ((await ownerOnRecord(ctx, app, wabaId)) ?? (await ownerAtGraph(ctx, app, wabaId, row)))
  const businessId = ownerId ?? told?.ownerBusinessId ?? null
  const isOwn = businessId === app.businessId
  if (isOwn || businessId === null) return { app, wabaId, customer: null, isOwn }
  const solutionId = told?.ownerBusinessId === businessId ? told.solutionId : null
  return { app, wabaId, customer: { businessId, solutionId }, isOwn }
}

async function ownerOnRecord(ctx: Ctx, app: AppConfig, wabaId: string): Promise<string | null> {
  const [stored] = await ctx.sharings.find({ wabaId }, [app.appId])
  return stored?.businessId ?? null
}

/** What Graph shows of the owner to the system token. `row`: what a list has just brought of it. */
export const ownerFields: FieldTree = ['ownership_type', 'owner_business']
type OwnerFields = Pick<WabaNode, 'ownership_type' | 'owner_business'>

/** Meta's guide "Manage accounts": the ownership of an account of the own portfolio is SELF. */
async function ownerAtGraph(
  ctx: Ctx,
  app: AppConfig,
  wabaId: string,
  row: OwnerFields | null,
): Promise<string | null> {
  const waba = row ?? (await unlessRefused(ctx.reads.read('ClientWaba', wabaId, { app }, ownerFields)))?.node
  const { ownership_type: ownership, owner_business: owner } = (waba ?? {}) as OwnerFields
  return ownership === 'SELF' ? app.businessId : (owner?.id ?? null)
}

/** Who reads what the customer's business token opens. Without a known customer such a call fails, and says why. */
export const viewerOfAccount = ({ app, customer }: Account): Viewer =>
  customer === null ? { app } : { app, customer }

/** Who reads a portfolio: for a customer the customer, through the solution that last brought an account of it. */
async function viewerOfBusiness(ctx: Ctx, app: AppConfig, businessId: string): Promise<Viewer> {
  if (businessId === app.businessId) return { app }
  const told = await onboardingOf(ctx, { ownerBusinessId: businessId }, app.appId)
  return { app, customer: { businessId, solutionId: told?.solutionId ?? null } }
}

/** The portfolio that owns the account. */
export async function ownerOf(ctx: Ctx, { app, customer, isOwn }: Account): Promise<NodeHandle<'Business'>> {
  const businessId = isOwn ? app.businessId : customer?.businessId
  if (businessId === undefined)
    throw new GraphError(
      'token',
      'Whose account this is cannot be told: no onboarding of it has been seen, and Graph does not say.',
    )
  return businessAs(ctx, app, businessId)
}

/** A portfolio as an app of ours sees it. */
export const businessAs = async (
  ctx: Ctx,
  app: AppConfig,
  businessId: string,
): Promise<NodeHandle<'Business'>> =>
  new NodeHandle('Business', businessId, await viewerOfBusiness(ctx, app, businessId))

/** What an event says of whom it is about. */
export const aboutOf = ({ wabaId, customer }: Account) => ({
  wabaId,
  ownerBusinessId: customer?.businessId ?? null,
  solutionId: customer?.solutionId ?? null,
})

type OnboardingOf = Parameters<EventLog['onboarding']>[0]

interface Lookup {
  readonly of: OnboardingOf
  readonly appId: string
}

/**
 * The newest known onboarding of an account, or of any account of a business: the app's own, and another app's only when it
 * has none. Those that are looked up in one tick are all there in one tick, and so are read together.
 */
export function onboardingOf(ctx: Ctx, of: OnboardingOf, appId: string): Promise<KnownOnboarding | null> {
  const loader = loaders.get(ctx) ?? openLoader(ctx)
  loaders.set(ctx, loader)
  return loader.load({ of, appId })
}

type Loader = DataLoader<Lookup, KnownOnboarding | null>
const loaders = new WeakMap<Ctx, Loader>()

function openLoader(ctx: Ctx): Loader {
  const look = async ({ of, appId }: Lookup) => {
    const own = await ctx.log.onboarding(of, [appId])
    if (own) await claimTokens(ctx, own)
    return own ?? ctx.log.onboarding(of, appIdsOf(ctx))
  }
  // Nothing is kept: a subscription may see an onboarding that was not there before.
  return new DataLoader((keys) => Promise.all(keys.map(look)), { cache: false })
}

/** A token that came here before anybody told whose it is. What another instance has got, is claimed when it is needed. */
async function claimTokens(ctx: Ctx, known: KnownOnboarding): Promise<void> {
  for (const token of ctx.graph.unclaimed.claim(known.appId, known.wabaId)) {
    try {
      await rememberToken(ctx, token, known)
      await ctx.graph.unclaimed.release(token)
    } catch (error) {
      // It is here now, and in the store it is still unclaimed.
      if (!(error instanceof StoreUnavailable)) throw error
    }
  }
}

/** Keeps a customer's token, for reads with the solution that brought the account and for those without. */
export async function rememberToken(
  { graph }: Ctx,
  unclaimed: Unclaimed,
  { ownerBusinessId: businessId, solutionId }: Pick<KnownOnboarding, 'ownerBusinessId' | 'solutionId'>,
): Promise<void> {
  const { app } = unclaimed
  for (const through of new Set([null, solutionId]))
    await graph.remember({ app, customer: { businessId, solutionId: through } }, unclaimed)
}
