import type { AppConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import { invalidInput, type Problem } from '../errors.ts'
import { listCreditLines } from '../graph/endpoints/credit.ts'
import type { FieldTree } from '../graph/fields.ts'
import { Seen } from '../loaders/seen.ts'
import { noCreditLine } from './problems.ts'

const pagesAtMost = 10

/** The lines of the app's business: the one that is configured, else all that Graph lists. A Tech Provider has none. */
export async function creditLinesOf(
  ctx: Ctx,
  app: AppConfig,
  fields: FieldTree = ['id'],
): Promise<readonly Seen<'CreditLine'>[]> {
  if (app.creditLineId !== null) return [new Seen('CreditLine', app.creditLineId, { app })]
  const lines: Seen<'CreditLine'>[] = []
  let after: string | null = null
  for (let read = 0; read < pagesAtMost; read++) {
    const { page, asked } = await readPage(ctx, app, fields, after)
    lines.push(...page.data.map((row) => new Seen('CreditLine', row.id, { app }, asked, row)))
    after = page.after
    if (after === null) break
  }
  return lines
}

function readPage(ctx: Ctx, app: AppConfig, fields: FieldTree, after: string | null) {
  const call = (text: string) =>
    listCreditLines(app.businessId, { limit: 100, after: after ?? undefined, fields: text })
  return ctx.reads.page('CreditLine', fields, call, { app })
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
