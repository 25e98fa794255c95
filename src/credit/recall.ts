import { appsNamed, type Ctx } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import type { Problem, Said } from '../errors/problem.ts'
import { conflict, ofNewerRelease } from '../writes/problems.ts'
import { digestOf, idOf, readBegun, readEnded } from '../writes/record.ts'
import { accountOf, type Account } from '../accounts/account.ts'
import { finish, sharingInput, sharingVerb, type ShareInput } from './attach.ts'
import { creditLinesOf } from './lines.ts'
import type { CreditReadBack } from './read-back.ts'

export type RecalledSharing =
  | (CreditReadBack & { readonly type: 'Done'; readonly account: Account })
  | Problem
  /** It was sent, and what came of it is open: what Graph said then, if anything. */
  | { readonly open: Said | undefined }

/** What became of a sharing under its key, whether the account can still be seen or not; null when nothing is known. */
export async function recallSharing(ctx: Ctx, input: ShareInput): Promise<RecalledSharing | null> {
  const { idempotencyKey: key } = input
  if (key === null) return null
  for (const app of appsNamed(ctx, input.appId)) {
    const known = await recallOf(ctx, app, key, input)
    if (known) return known
  }
  return null
}

async function recallOf(
  ctx: Ctx,
  app: AppConfig,
  key: string,
  input: ShareInput,
): Promise<RecalledSharing | null> {
  const record = await recordOf(ctx, app, key, input)
  if (!record || record.state === 'pending') return null
  // The caller may have left open which line it is, and the gateway has chosen one.
  const lineId = (await lineIds(ctx, app, input)).find((one) => isOf(record, one, input))
  if (lineId === undefined) return null
  if (record.state === 'newer') return ofNewerRelease
  if (record.state === 'unknown') return { open: readBegun(record, app.appId).said }
  const ended = readEnded(record)
  if ('type' in ended) return ended
  const account = await accountOf(ctx, app, input.wabaId)
  return { type: 'Done', account, ...(await finish(ctx, { account, lineId }, ended.createdId)) }
}

/** Said before the system user is added: a CONFLICT when the key was used for another sharing. */
export async function refuseOtherSharing(
  ctx: Ctx,
  { app }: Account,
  lineId: string,
  input: ShareInput,
): Promise<Problem | null> {
  const { idempotencyKey: key } = input
  const record = key === null ? null : await recordOf(ctx, app, key, input)
  return record && !isOf(record, lineId, input) ? conflict : null
}

const recordOf = (ctx: Ctx, app: AppConfig, key: string, { wabaId }: ShareInput) =>
  ctx.writes.get(idOf({ app, verb: sharingVerb, object: `waba:${wabaId}`, key }))

const isOf = (record: { readonly input: string }, lineId: string, input: ShareInput): boolean =>
  record.input === digestOf(sharingInput(lineId, input))

async function lineIds(ctx: Ctx, app: AppConfig, { creditLineId }: ShareInput): Promise<readonly string[]> {
  return creditLineId === null ? (await creditLinesOf(ctx, app)).map(({ id }) => id) : [creditLineId]
}
