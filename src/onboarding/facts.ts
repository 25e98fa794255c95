import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import type { PhoneNumberNode, WabaNode } from '../graph/endpoints/shapes.ts'
import type { Seen } from '../loaders/seen.ts'
import { phoneNumbersFields } from '../wabas/fields.ts'
import { accountOf, type Account } from './account.ts'
import { readSubscription, type Subscription } from './subscription.ts'
import { tokenThatOpens } from './token.ts'

/** What the steps of one account are told from. Each is read when a step first asks for it, and once. */
export interface Facts {
  readonly ctx: Ctx
  readonly account: () => Promise<Account>
  /** The newest events of the account, oldest first. */
  readonly history: () => Promise<readonly StoredEvent[]>
  /** Resolves when the app can read the account. */
  readonly isShared: () => Promise<unknown>
  /** The token that opens the account. */
  readonly token: () => ReturnType<typeof tokenThatOpens>
  readonly subscription: () => Promise<Subscription>
  readonly numbers: () => Promise<Numbers>
}

interface Numbers {
  readonly data: readonly PhoneNumberNode[]
  readonly more: boolean
}

const eventsAtMost = 200

export function factsOf(ctx: Ctx, waba: Seen<'ClientWaba'>): Facts {
  const { app } = waba.viewer
  const wabaId = waba.id
  const account = once(() => accountOf(ctx, app, wabaId))
  const history = once(() =>
    ctx.log.readBefore(Number.MAX_SAFE_INTEGER, { appIds: [app.appId], wabaId }, eventsAtMost),
  )
  return {
    ctx,
    account,
    history,
    isShared: once(() => ctx.reads.node('ClientWaba', wabaId, { app }, ['id', 'name'])),
    token: once(async () => tokenThatOpens(ctx, await account())),
    subscription: once(() => readSubscription(ctx.reads, { app, wabaId })),
    numbers: once(async () => {
      const { node, failures } = await ctx.reads.read('ClientWaba', wabaId, { app }, phoneNumbersFields(100))
      const failure = failures.get('phone_numbers')
      if (failure) throw failure
      const { phone_numbers: page } = node as Partial<WabaNode>
      return { data: page?.data ?? [], more: (page?.after ?? null) !== null }
    }),
  }
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined
  return () => (result ??= read())
}
