import { appsNamed, type Ctx } from '../context.ts'
import type { AppConfig } from '../config/config.ts'
import type { Problem } from '../errors/problem.ts'
import { recall, type Open, type Recalled } from '../writes/recall.ts'
import { accountOf, type Account } from '../accounts/account.ts'
import { finish, sharingInput, sharingVerb } from './attach.ts'
import { creditLinesOf } from './lines.ts'
import type { ReadBack } from './read-back.ts'
import type { ShareInput } from './share.ts'

export type Known = (ReadBack & { readonly type: 'Done'; readonly account: Account }) | Problem | Open

/** What became of a sharing under its key, whether the account can still be seen or not; null when nothing is known. */
export async function recallSharing(ctx: Ctx, input: ShareInput): Promise<Known | null> {
  const { idempotencyKey: key, wabaId, appId } = input
  if (key === null) return null
  const apps = appsNamed(ctx, appId)
  for (const app of apps) {
    const write = { app, verb: sharingVerb, object: `waba:${wabaId}`, key }
    const lines = (): Promise<readonly string[]> => lineIds(ctx, app, input)
    const known = await recall(ctx, write, lines, (lineId) => sharingInput(lineId, input))
    if (known) return toKnown(ctx, app, input, known)
  }
  return null
}

async function lineIds(ctx: Ctx, app: AppConfig, { creditLineId }: ShareInput): Promise<readonly string[]> {
  return creditLineId === null ? (await creditLinesOf(ctx, app)).map(({ id }) => id) : [creditLineId]
}

async function toKnown(
  ctx: Ctx,
  app: AppConfig,
  { wabaId }: ShareInput,
  known: Recalled<string>,
): Promise<Known> {
  if ('open' in known) return known
  if ('problem' in known) return known.problem
  const account = await accountOf(ctx, app, wabaId)
  return { type: 'Done', account, ...(await finish(ctx, { account, lineId: known.of }, known.createdId)) }
}
