import type { Ctx } from '../context.ts'
import type { WabaNode } from '../graph/nodes.ts'
import { unlessRefused } from '../graph/error.ts'
import type { Account } from '../accounts/account.ts'
import { heldBy, payingAllocation, type ActiveAllocation, type Facts } from './guard.ts'
import { otherLinesOf, listActive } from './lines.ts'
import { fundingIfKnown, type FundingRead } from '../accounts/token.ts'

export interface Known extends Facts {
  /** The token that opens the account; the business token as long as nothing says otherwise. */
  readonly token: FundingRead['token']
}

/**
 * What a decision about sharing rests on, as Graph says it now. `lineIds` are those to share from; what the account has
 * taken may be of another, which is looked for when something pays that is of none of them.
 */
export async function readFacts(ctx: Ctx, account: Account, lineIds: readonly string[]): Promise<Known> {
  const { app, wabaId } = account
  const stored = await ctx.sharings.find({ wabaId }, [app.appId])
  const taken = stored
    .filter(({ attached }) => attached)
    .map(({ allocationId, creditLineId: lineId }) => ({ allocationId, lineId }))
  const formerIds = taken.flatMap(({ lineId }) => lineId ?? []).filter((id) => !lineIds.includes(id))
  const [read, own, former] = await Promise.all([
    fundingIfKnown(ctx, account),
    activeOn(ctx, account, lineIds),
    asFarAsTold(() => activeOn(ctx, account, [...new Set(formerIds)]), untold),
  ])
  const shared = { taken, ...join(own, former) }
  if (read === null) {
    const currency = heldBy(shared) ? await currencyOf(ctx, account) : null
    return { ...shared, funding: null, currency, token: 'business' }
  }
  const funding = { id: read.funding.primary_funding_id ?? null }
  const facts = { ...shared, funding, currency: read.funding.currency ?? null, token: read.token }
  if (funding.id === null || payingAllocation(facts)) return facts
  const known = [...lineIds, ...formerIds]
  const look = async () => activeOn(ctx, account, await otherLinesOf(ctx, app, known))
  const others = await asFarAsTold(look, untold)
  return { ...facts, ...join(facts, others) }
}

type Active = Pick<Facts, 'active' | 'complete'>

const join = (one: Active, other: Active): Active => ({
  active: [...one.active, ...other.active],
  complete: one.complete && other.complete,
})

async function activeOn(ctx: Ctx, { app, customer }: Account, lineIds: readonly string[]): Promise<Active> {
  if (customer === null) return untold
  const lists = await Promise.all(
    lineIds.map(async (lineId) => {
      const { rows } = await listActive(ctx, app, lineId, customer.businessId)
      return rows.map(({ id, receiving_credential: credential }): ActiveAllocation => {
        return { id, lineId, credentialId: credential?.id ?? null }
      })
    }),
  )
  const active = lists.flat()
  return { active, complete: active.every(({ credentialId }) => credentialId !== null) }
}

/** The system token reads it too. */
function currencyOf(ctx: Ctx, { app, wabaId }: Account): Promise<string | null> {
  return asFarAsTold(async () => {
    const { node } = await ctx.reads.read('ClientWaba', wabaId, { app }, ['currency'])
    return (node as Partial<WabaNode>).currency ?? null
  }, null)
}

const untold: Active = { active: [], complete: false }

/** E.g. a line that is not shared from any more may be none that this token sees. */
async function asFarAsTold<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  return (await unlessRefused(read())) ?? otherwise
}
