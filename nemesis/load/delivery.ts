import { createHmac } from 'node:crypto'
import type { App } from './apps.ts'

/** News of one solution, told to one app. Its id comes once only: it names the event it becomes. */
export interface Change {
  readonly solutionId: string
  /** Seconds. */
  readonly time: number
}

/** What one post carries. */
export interface Delivery {
  readonly app: App
  readonly changes: readonly Change[]
}

/** How ledger, log and subscribers name an event. */
export const keyOf = (appId: string, solutionId: string): string => `${appId}/${solutionId}`

export const keysOf = ({ app, changes }: Delivery): readonly string[] =>
  changes.map(({ solutionId }) => keyOf(app.appId, solutionId))

/** Posts it as Meta does. Resolves when it is answered 200, rejects otherwise. */
export async function post(url: string, delivery: Delivery, patienceMs: number): Promise<void> {
  const { app } = delivery
  const body = bodyOf(delivery)
  const response = await fetch(`${url}/webhooks/${app.appId}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', app.appSecret).update(body).digest('hex')}`,
    },
    body,
    signal: AbortSignal.timeout(patienceMs),
  })
  // The status line is the acknowledgement; what becomes of the rest of the answer does not matter.
  await response.body?.cancel().catch(() => {})
  if (response.status !== 200) throw new Error(`answered ${response.status}`)
}

function bodyOf({ app, changes }: Delivery): string {
  const entry = changes.map(({ solutionId, time }) => ({
    id: app.businessId,
    time,
    changes: [{ field: 'partner_solutions', value: valueOf(solutionId) }],
  }))
  return JSON.stringify({ object: 'whatsapp_business_account', entry })
}

const valueOf = (solutionId: string) => ({
  event: 'SOLUTION_UPDATED',
  solution_id: solutionId,
  solution_status: 'ACTIVE',
})
