import type { AppConfig } from '../../config/config.ts'
import { appIdsOf, type Ctx } from '../../context.ts'
import { creditLinesOf } from '../../credit/lines.ts'
import { type StoredEvent } from '../../events/event.ts'
import { kindsThat, type EventKind } from '../../events/kinds.ts'
import type { EventFilter } from '../../events/log.ts'
import { shownFields, type PhoneNumberNode, type WabaNode } from '../../graph/nodes.ts'
import type { NodeHandle } from '../../reads/node-handle.ts'
import { accountOf, type Account } from '../../accounts/account.ts'
import { readSubscription, type Subscription } from '../../accounts/subscription.ts'
import { tokenThatOpens } from '../../accounts/token.ts'

/** The facts from which the steps of one account are derived. Each is read once, when a step first asks for it. */
export interface ChecklistFacts {
  readonly ctx: Ctx
  readonly app: AppConfig
  readonly account: () => Promise<Account>
  /** The newest events of the account except alerts, oldest first. */
  readonly history: () => Promise<readonly StoredEvent[]>
  /** The newest reports about the account and writes to it, through any of the caller's apps, oldest first. */
  readonly reports: () => Promise<readonly StoredEvent[]>
  /** The newest revocations of credit lines, oldest first: they name no account. */
  readonly revocations: () => Promise<readonly StoredEvent[]>
  /** Resolves when the app can read the account. */
  readonly isShared: () => Promise<unknown>
  /** The token that opens the account. */
  readonly token: () => ReturnType<typeof tokenThatOpens>
  readonly subscription: () => Promise<Subscription>
  readonly numbers: () => Promise<Numbers>
  /** What Graph shows of the account. */
  readonly waba: () => Promise<Partial<WabaNode>>
  /** Ids of the credit lines of the app's business. */
  readonly lines: () => Promise<readonly string[]>
}

interface Numbers {
  readonly data: readonly PhoneNumberNode[]
  readonly more: boolean
}

const eventsAtMost = 200

const movingKinds = kindsThat(({ movesSteps }) => movesSteps)
const blockingKinds = kindsThat(({ mayBlock }) => mayBlock === true)

const foundFields = ['status', 'account_review_status', 'business_verification_status', 'health_status']

export function checklistFacts(ctx: Ctx, waba: NodeHandle<'ClientWaba'>): ChecklistFacts {
  const { app } = waba.viewer
  const wabaId = waba.id
  const account = once(() => accountOf(ctx, app, wabaId))
  const newest = (filter: Partial<EventFilter>) =>
    ctx.log.readBefore(Number.MAX_SAFE_INTEGER, { appIds: [app.appId], ...filter }, eventsAtMost)
  return {
    ctx,
    app,
    account,
    history: once(() => newest({ wabaId, kinds: movingKinds })),
    reports: once(async () => {
      const appIds = appIdsOf(ctx)
      // Alerts are read apart, because many of them, for instance about templates, would hide other reports.
      const isAlert = (kind: EventKind): boolean => kind === 'ACCOUNT_ALERT'
      const kinds = [blockingKinds.filter((kind) => !isAlert(kind)), blockingKinds.filter(isAlert)]
      const lists = await Promise.all(kinds.map((some) => newest({ wabaId, appIds, kinds: some })))
      return lists.flat().toSorted((a, b) => a.seq - b.seq)
    }),
    revocations: once(() => newest({ kinds: ['CREDIT_REVOKED'] })),
    isShared: once(() => ctx.reads.node('ClientWaba', wabaId, { app }, ['id', 'name'])),
    token: once(async () => tokenThatOpens(ctx, await account())),
    subscription: once(() => readSubscription(ctx.reads, { app, wabaId })),
    numbers: once(async () => {
      const { node, failures } = await ctx.reads.read('ClientWaba', wabaId, { app }, [
        { name: 'phone_numbers', limit: 100, fields: shownFields('PhoneNumber') },
      ])
      const failure = failures.get('phone_numbers')
      if (failure) throw failure
      const { phone_numbers: page } = node as Partial<WabaNode>
      return { data: page?.data ?? [], more: (page?.after ?? null) !== null }
    }),
    waba: once(async () => (await ctx.reads.read('ClientWaba', wabaId, { app }, foundFields)).node),
    lines: once(async () => (await creditLinesOf(ctx, app)).map(({ id }) => id)),
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => (result ??= read())
}
