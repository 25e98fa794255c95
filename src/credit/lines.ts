import type { AppConfig } from '../config/config.ts'
import type { Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors/problem.ts'
import { listCreditLines } from '../graph/endpoints/credit.ts'
import type { FieldTree } from '../graph/fields.ts'
import { listWhole, type Page } from '../graph/paging.ts'
import { NodeHandle } from '../reads/node-handle.ts'
import { noCreditLine } from './problems.ts'

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
