import { z } from 'zod'

import { GraphError } from '../graph/error.ts'
import type { Sim } from '../sim.ts'
import { accountFields } from '../webhooks/subscriptions.ts'
import type { AppRow } from '../world/rows.ts'
import { ControlError } from './error.ts'
import { stateOf } from './state.ts'

/** What a gateway for these apps reads as GATEWAY_CONFIG. */
export function gatewayConfig(sim: Sim): object {
  const apps = stateOf(sim).apps.map(
    ({ appId, appSecret, systemToken, businessId, creditLineId, verifyToken }) => ({
      appId,
      appSecret,
      systemToken,
      businessId,
      ...(creditLineId === undefined ? {} : { creditLineId }),
      verifyToken,
    }),
  )
  return { apps }
}

export const Callbacks = z.strictObject({ url: z.url() })

/** What a person does in the App Dashboard: each app's callback, on one gateway, with the fields about solutions, accounts, numbers and templates. */
export async function callbacks(sim: Sim, { url }: z.output<typeof Callbacks>): Promise<object> {
  const all = [...sim.world.apps.values()].map((app) => ({
    app,
    callbackUrl: new URL(`/webhooks/${app.id}`, url).href,
  }))
  for (const { app, callbackUrl } of all) await setCallback(sim, app, callbackUrl)
  return { callbacks: all.map(({ callbackUrl }) => callbackUrl) }
}

async function setCallback(sim: Sim, app: AppRow, callbackUrl: string): Promise<void> {
  const verifyToken = sim.subscriptions.get(app.id)?.verifyToken ?? app.verifyToken
  try {
    await sim.verify(callbackUrl, verifyToken)
  } catch (error) {
    if (error instanceof GraphError) throw new ControlError(409, `${callbackUrl}: ${error.message}`)
    throw error
  }
  const fields = [...accountFields]
  sim.subscriptions.set(app.id, { object: 'whatsapp_business_account', callbackUrl, verifyToken, fields })
}
