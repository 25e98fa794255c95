import type { Ctx } from '../../context.ts'
import type { Problem } from '../../errors/problem.ts'
import type { NewEvent } from '../../events/event.ts'
import { StoreUnavailable } from '../../events/log.ts'
import type { Audit } from '../../writes/audit.ts'
import { publish } from '../../writes/settle.ts'
import { idOf, printSent, readEnded } from '../../writes/record.ts'
import type { SentWrite, Write } from '../../writes/write.ts'
import type { TokenBinding } from './bind-token.ts'

/** `State`: whether a token is held for the code. */
export type ExchangeWrite = Write<boolean, boolean, Problem, null>

/** Stores the account of a code that was exchanged earlier: on the record of the exchange, and as an event. */
export async function recordBinding(ctx: Ctx, write: ExchangeWrite, bound: TokenBinding): Promise<void> {
  const id = idOf(write)
  const record = await ctx.writes.get(id)
  if (!record) return
  const ended = readEnded(record)
  const traceId = 'type' in ended ? null : ended.traceId
  const sent: SentWrite = { createdId: printExchange(bound.wabaId, holderOf(ctx)), traceId }
  const events = [eventOfBinding(ctx, write, bound, traceId)]
  const { token } = record
  await ctx.writes.settle(id, token, 'done', printSent(sent), JSON.stringify(events))
  await publish(ctx, events, Promise.resolve({ id, token }))
}

function eventOfBinding(
  ctx: Ctx,
  { app: { appId }, verb, object, key }: ExchangeWrite,
  { wabaId, businessId }: TokenBinding,
  graphTraceId: string | null,
): NewEvent {
  const now = ctx.clock()
  const audit: Audit = {
    verb,
    actingAppId: appId,
    actor: ctx.actor.kind,
    object,
    outcome: 'DONE',
    problem: null,
    graphTraceId,
    before: null,
    after: null,
  }
  return {
    appId,
    kind: 'CLIENT_WABA_UPDATED',
    source: 'GATEWAY',
    dedupeKey: `gateway:signup:${key}:${wabaId}`,
    occurredAt: now,
    receivedAt: now,
    field: verb,
    event: 'CLIENT_WABA_UPDATED',
    solutionId: null,
    wabaId,
    ownerBusinessId: businessId,
    reportedStatus: null,
    payload: JSON.stringify(audit),
  }
}

/** Which instance has the token alone; null where they share what they have. */
export const holderOf = ({ graph, instance }: Ctx): string | null => (graph.sharesTokens ? null : instance.id)

/** What the record of an exchanged code says: the account, and the instance that has the token in memory alone. */
interface ExchangeRecord {
  /** Null while it is not known which account the token opens. */
  readonly wabaId: string | null
  /** Null where instances share tokens, and in records of an older version. */
  readonly holder: string | null
}

export const printExchange = (wabaId: string | null, holder: string | null): string =>
  `${wabaId ?? ''}@${holder ?? ''}`

export function readExchange(made: string): ExchangeRecord {
  const [wabaId, holder] = made.split('@')
  return { wabaId: wabaId || null, holder: holder || null }
}

/**
 * The customer has the token, and the record says so: it is needed no more under the digest of the code. Until then whoever
 * comes after a crash finds it there.
 */
export async function releaseBound(ctx: Ctx, { businessId, held }: TokenBinding): Promise<void> {
  if (businessId === null) return
  await ctx.graph.unclaimed.release(held).catch((error: unknown) => {
    if (!(error instanceof StoreUnavailable)) throw error
  })
}
