import type { Ctx } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import type { Sharing } from '../events/sharings.ts'
import type { CreditAllocationNode } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import { unlessRefused } from '../graph/error.ts'
import type { Viewer } from '../graph/viewer.ts'
import { accountOf } from '../accounts/account.ts'
import { findNode, NodeHandle } from '../reads/node-handle.ts'
import { creditLinesOf, allocationFields, listActive } from './lines.ts'
import { fundingIfKnown } from '../accounts/token.ts'

/** A record of one portfolio sharing a line with another, as an app sees it. */
export class Allocation {
  readonly handle: NodeHandle<'CreditAllocation'>
  /** The line in whose list it stood; null when it came another way. */
  readonly listedBy: string | null

  constructor(handle: NodeHandle<'CreditAllocation'>, listedBy: string | null = null) {
    this.handle = handle
    this.listedBy = listedBy
  }

  static unread(app: AppConfig, id: string): Allocation {
    return new Allocation(NodeHandle.unread('CreditAllocation', id, { app }, allocationFields))
  }

  static row(app: AppConfig, lineId: string, row: CreditAllocationNode, asked: FieldTree): Allocation {
    return new Allocation(new NodeHandle('CreditAllocation', row.id, { app }, asked, row), lineId)
  }

  get id(): string {
    return this.handle.id
  }

  get globalKey() {
    return { type: 'CreditAllocation' as const, key: this.id }
  }

  get viewer(): Viewer {
    return this.handle.viewer
  }

  get app(): AppConfig {
    return this.viewer.app
  }

  node(ctx: Ctx): Promise<Partial<CreditAllocationNode>> {
    return this.handle.get(ctx.reads, allocationFields)
  }
}

/** The allocation as the first of the apps sees it that can; null when none does. */
export async function findAllocation(
  ctx: Ctx,
  id: string,
  apps: readonly AppConfig[],
): Promise<Allocation | null> {
  const handle = await findNode(ctx.reads, 'CreditAllocation', id, allocationFields, apps)
  return handle && new Allocation(handle)
}

/** As Graph says, else as it was stored at sharing time, else the line of the app's business that lists it now. */
export async function lineIdOf(ctx: Ctx, allocation: Allocation): Promise<string | null> {
  const { owning_credential: line } = await allocation.node(ctx)
  const known = line?.id ?? allocation.listedBy ?? (await storedOf(ctx, allocation))?.creditLineId
  return known ?? unlessRefused(lineListing(ctx, allocation))
}

async function lineListing(ctx: Ctx, allocation: Allocation): Promise<string | null> {
  const businessId = await receivingBusinessIdOf(ctx, allocation)
  if (businessId === null) return null
  const lines = await creditLinesOf(ctx, allocation.app)
  const lists = await Promise.all(lines.map(({ id }) => listActive(ctx, allocation.app, id, businessId)))
  const at = lists.findIndex(({ rows }) => rows.some(({ id }) => id === allocation.id))
  return lines[at]?.id ?? null
}

/** What was stored at sharing time stands in where Graph does not say. */
export async function receivingBusinessIdOf(ctx: Ctx, allocation: Allocation): Promise<string | null> {
  const { receiving_business: business } = await allocation.node(ctx)
  return business?.id ?? (await storedOf(ctx, allocation))?.businessId ?? null
}

async function storedOf(ctx: Ctx, { id, app }: Allocation): Promise<Sharing | undefined> {
  const [stored] = await ctx.sharings.find({ allocationId: id }, [app.appId])
  return stored
}

export async function statusOfAllocation(ctx: Ctx, allocation: Allocation): Promise<AllocationStatus> {
  const { request_status: word } = await allocation.node(ctx)
  if (allocation.listedBy !== null || word === 'DELETED')
    return allocationStatusOf(word, allocation.listedBy !== null)
  return allocationStatusOf(word, await isListed(ctx, allocation))
}

/** Null when it cannot be told, for whatever reason: a status is no place to fail in. */
async function isListed(ctx: Ctx, allocation: Allocation): Promise<boolean | null> {
  try {
    const lineId = await lineIdOf(ctx, allocation)
    const businessId = await receivingBusinessIdOf(ctx, allocation)
    if (lineId === null || businessId === null) return null
    const { rows } = await listActive(ctx, allocation.app, lineId, businessId)
    return rows.some(({ id }) => id === allocation.id)
  } catch (error) {
    ctx.logger.warn({ err: error, allocationId: allocation.id }, 'what is shared could not be listed')
    return null
  }
}

/** Whether the allocation pays for the account. Two tokens read it, in one tick. Null when it cannot be told. */
export async function funds(ctx: Ctx, allocation: Allocation, wabaId: string): Promise<boolean | null> {
  const account = await accountOf(ctx, allocation.app, wabaId)
  const [node, read] = await Promise.all([allocation.node(ctx), fundingIfKnown(ctx, account)])
  const credential = node.receiving_credential?.id
  if (!read || credential === undefined) return null
  return read.funding.primary_funding_id === credential
}

export const allocationStatuses = ['SHARED', 'REVOKED', 'UNKNOWN'] as const
export type AllocationStatus = (typeof allocationStatuses)[number]

/**
 * The one word that Meta's pages show is DELETED, of what was revoked. Whatever else stands there, or nothing, a record is
 * shared when it is listed, since only those that are active are: docs/marketing-api/reference/extended-credit.
 */
export function allocationStatusOf(
  requestStatus: string | null | undefined,
  listed: boolean | null,
): AllocationStatus {
  if (requestStatus === 'DELETED') return 'REVOKED'
  return listed === true ? 'SHARED' : 'UNKNOWN'
}
