import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import { syncAppData } from '../graph/endpoints/phone-numbers.ts'
import { withLock } from '../writes/lock.ts'
import { runWrite } from '../writes/run.ts'
import { onAccount, type AccountWritten } from '../accounts/account-write.ts'
import type { Account } from '../accounts/account.ts'
import { lookWithApp, refuseForeign, type NumberInApp } from './numbers.ts'
import { lookAtSubscription } from '../accounts/subscription.ts'
import { eventsOf, syncObject, syncVerb, windowOf, type SyncType } from './sync-window.ts'

export interface SyncInput {
  readonly phoneNumberId: string
  readonly type: SyncType
  readonly idempotencyKey: string | null
}

/**
 * Asks Meta for what the WhatsApp Business app holds of a number: each kind once, within 24 hours of the signup. It comes in
 * webhooks that this gateway does not keep. Nothing at Graph shows that it was asked for.
 */
export function startSync(ctx: Ctx, account: Account, input: SyncInput): Promise<AccountWritten> {
  // One at a time, whatever the key: the second has to see the first on record.
  const object = syncObject(input.phoneNumberId, input.type)
  return withLock(ctx, { verb: syncVerb, object }, () => startAlone(ctx, account, input))
}

interface State extends NumberInApp {
  readonly subscribed: boolean
}

function startAlone(ctx: Ctx, account: Account, input: SyncInput): Promise<AccountWritten> {
  const { phoneNumberId: id, type, idempotencyKey: key } = input
  return runWrite(ctx, {
    ...onAccount<State>(ctx, account, {
      id,
      endpoint: () => syncAppData(id, type),
      answered: (answer) => ({
        requestId: (answer as { readonly request_id?: unknown }).request_id ?? null,
      }),
    }),
    verb: syncVerb,
    object: syncObject(id, type),
    anyApp: true,
    key,
    input: [id, type],
    readState: async () => {
      const [number, { subscribed }] = await Promise.all([
        lookWithApp(ctx, account, id),
        lookAtSubscription(ctx, account),
      ])
      return { ...number, subscribed }
    },
    refuse: async (state) =>
      refuseForeign(state) ??
      (state.coexistence === false ? notInApp : null) ??
      (state.subscribed ? null : notSubscribed) ??
      (await refuseLate(ctx, account, input)),
    outcomeIn: null,
  })
}

async function refuseLate(ctx: Ctx, { wabaId }: Account, input: SyncInput): Promise<Problem | null> {
  const { phoneNumberId, type } = input
  const { syncs, deadline } = windowOf(await eventsOf(ctx, [wabaId]), phoneNumberId, ctx.clock())
  if (syncs[type].state === 'REQUESTED') return onceMore(`This was asked for already. ${offboard}`)
  if (syncs[type].state !== 'EXPIRED') return null
  return onceMore(`This could be asked for until ${new Date(deadline ?? 0).toISOString()}. ${offboard}`)
}

// The same guide, and Meta's page "Error codes", 2593107 and 2593108.
const offboard =
  'Meta takes each sync once, within 24 hours of the signup: for another one the customer disconnects in the WhatsApp ' +
  'Business app and signs up again.'

const onceMore = (message: string): Problem =>
  gatewayProblem('WRONG_STATE', message, false, { waitsFor: 'CUSTOMER', help: 'coexistence' })

const notInApp = gatewayProblem(
  'WRONG_STATE',
  'The number is not in use with the WhatsApp Business app, so there is nothing to ask for.',
  false,
  { waitsFor: null, help: 'coexistence' },
)

const notSubscribed = gatewayProblem(
  'WRONG_STATE',
  'The app is not subscribed to the account, so what is asked for would reach nobody: subscribe it first ' +
    '(subscribeAppToWaba), with the fields `history` and `smb_app_state_sync` of the app.',
  false,
  { help: 'coexistence' },
)
