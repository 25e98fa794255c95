import { randomUUID } from 'node:crypto'
import type { Ctx } from '../context.ts'
import type { NewEvent } from '../events/event.ts'
import type { Account } from '../accounts/account.ts'
import { aboutOf } from '../accounts/account.ts'

/** Puts something about a number on record before it is sent: it counts whatever comes of it. */
export async function note(
  ctx: Ctx,
  account: Account,
  {
    event,
    phoneNumberId,
    ...more
  }: {
    readonly event: string
    readonly phoneNumberId: string
    readonly request?: string
    readonly requestId?: string
  },
): Promise<void> {
  const now = ctx.clock()
  const noted: NewEvent = {
    ...aboutOf(account),
    appId: account.app.appId,
    kind: 'OTHER',
    source: 'GATEWAY',
    dedupeKey: `gateway:${randomUUID()}`,
    occurredAt: now,
    receivedAt: now,
    field: 'phone_number',
    event,
    reportedStatus: null,
    payload: JSON.stringify({ phoneNumberId, ...more }),
  }
  await ctx.log.append([noted])
}
