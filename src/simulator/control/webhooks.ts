import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

import type { Json, JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { Receipt } from '../webhooks/post.ts'
import { encodeBody } from '../webhooks/sign.ts'
import { ControlError } from './error.ts'

const mostCopies = 1000

export const Webhooks = z.strictObject({
  appId: z.string(),
  /** What to deliver; a text goes out as it is. Left out: how this app's webhooks go out from now on. */
  body: z.json().optional(),
  /** Further copies: true is one. */
  duplicate: z.union([z.boolean().transform(Number), z.int().min(0).max(mostCopies)]).default(0),
  delayMs: z.int().min(0).max(60_000).default(0),
  /** Signs with this in place of the app's secret. */
  secret: z.string().min(1).optional(),
  /** Does not wait for what is queued; without a body: every second webhook overtakes the one before. */
  reorder: z.boolean().default(false),
})
type Input = z.output<typeof Webhooks>

const bytesOf = (body: Json): Buffer => (typeof body === 'string' ? Buffer.from(body) : encodeBody(body))

export async function webhooks(sim: Sim, input: Input): Promise<JsonObject> {
  const { appId, body, duplicate, delayMs, reorder } = input
  if (!sim.world.apps.has(appId)) throw new ControlError(404, `There is no app ${appId}`)
  if (body === undefined) {
    sim.outbox.behave(appId, { duplicate, delayMs, reorder })
    return { manner: { duplicate, delayMs, reorder } }
  }
  if (!sim.subscriptions.has(appId)) {
    throw new ControlError(409, `App ${appId} has no callback: POST /${appId}/subscriptions sets one`)
  }
  await sleep(delayMs, undefined, { ref: false })
  const deliveries = await deliver(sim, input, bytesOf(body))
  return { deliveries: deliveries.map((receipt) => ({ ...receipt })) }
}

async function deliver(
  sim: Sim,
  { appId, secret, duplicate, reorder }: Input,
  bytes: Buffer,
): Promise<Receipt[]> {
  const receipts: Receipt[] = []
  for (let copy = 0; copy <= duplicate; copy += 1) {
    receipts.push(await sim.outbox.once(appId, bytes, secret, reorder))
  }
  return receipts
}
