import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import { listCreditLines, listAllocations } from '../graph/endpoints/credit.ts'
import type { FieldTree } from '../graph/fields.ts'
import { listWhole, type Page } from '../graph/paging.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { noCreditLine } from './problems.ts'
import type { CreditAllocationNode } from '../graph/nodes.ts'

/** The lines of the app's business: the one that is configured, else all that Graph lists. A Tech Provider has none. */
export async function creditLinesOf(
  ctx: Ctx,
  app: AppConfig,
  fields: FieldTree = ['id'],
): Promise<readonly NodeHandle<'CreditLine'>[]> {
  return app.creditLineId === null
    ? listLines(ctx, app, fields)
    : [new NodeHandle('CreditLine', app.creditLineId, { app })]
}

/** Lines of the business that nothing is shared from now: what is configured may have been another one before. */
export async function otherLinesOf(
  ctx: Ctx,
  app: AppConfig,
  known: readonly string[],
): Promise<readonly string[]> {
  if (app.creditLineId === null) return []
  const lines = await listLines(ctx, app, ['id'])
  return lines.map(({ id }) => id).filter((id) => !known.includes(id))
}

async function listLines(
  ctx: Ctx,
  app: AppConfig,
  fields: FieldTree,
): Promise<readonly NodeHandle<'CreditLine'>[]> {
  const read = async (
    after: string | undefined,
    isOutdated: boolean,
  ): Promise<Page<NodeHandle<'CreditLine'>>> => {
    const call = (text: string) => listCreditLines(app.businessId, { limit: 100, after, fields: text })
    const { page, asked } = await ctx.reads.page('CreditLine', fields, call, { app }, isOutdated)
    return {
      ...page,
      data: page.data.map((row) => new NodeHandle('CreditLine', row.id, { app }, asked, row)),
    }
  }
  return listWhole(read, 'The business has more credit lines')
}

/** The line to share from: the one that was named, or the only one. */
export function pickLine(
  app: AppConfig,
  lineIds: readonly string[],
  wanted: string | null,
): string | Problem {
  const path = ['input', 'creditLineId']
  const [only, ...others] = lineIds
  if (only === undefined) return noCreditLine(app.appId)
  if (wanted !== null)
    return lineIds.includes(wanted)
      ? wanted
      : invalidInput(path, `The business of app ${app.appId} has no such line.`)
  return others.length === 0
    ? only
    : invalidInput(path, `The business of app ${app.appId} has several lines: say which.`)
}

/** Small, and always read as a whole, so that each reader finds what another has read. */
export const allocationFields: FieldTree = [
  'id',
  'request_status',
  'receiving_business',
  'receiving_credential',
  'owning_credential',
]

export interface Listed {
  readonly rows: readonly CreditAllocationNode[]
  readonly asked: FieldTree
}

/** What a line shares with a business now. There is one record for a business, or none. */
export async function listActive(
  ctx: Ctx,
  app: AppConfig,
  lineId: string,
  businessId: string,
): Promise<Listed> {
  let asked = allocationFields
  // Where Graph takes no notice of the business, the one that is meant may stand on any page.
  const listed = await listWhole(async (after, isOutdated) => {
    const call = (fields: string) =>
      listAllocations(lineId, { limit: 100, after, fields, receivingBusinessId: businessId })
    const answer = await ctx.reads.page('CreditAllocation', allocationFields, call, { app }, isOutdated)
    asked = answer.asked
    return answer.page
  }, 'The line is shared with more businesses')
  const rows = listed.filter(
    ({ receiving_business: business, request_status: word }) =>
      (business?.id ?? businessId) === businessId && word !== 'DELETED',
  )
  return { rows, asked }
}
