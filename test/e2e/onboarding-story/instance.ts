import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Simulator } from '../../../src/simulator/simulator.ts'
import { startChild } from '../../support/child.ts'

export interface Instance {
  readonly url: string
  /** As the kernel ends a process: nothing is finished, nothing is said. */
  kill(): Promise<void>
}

export interface Place {
  start(env?: Readonly<Record<string, string>>): Promise<Instance>
  clean(): void
}

/** Gateways in processes of their own, one after the other on one store, with the simulator's apps. */
export function placeFor(simulator: Simulator, databaseUrl: string | null): Place {
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-story-'))
  const apps = simulator
    .state()
    .apps.map(({ appId, appSecret, systemToken, businessId, creditLineId, verifyToken }) => ({
      appId,
      appSecret,
      systemToken,
      businessId,
      ...(creditLineId && { creditLineId }),
      verifyToken,
    }))
  const config = join(folder, 'apps.json')
  writeFileSync(config, JSON.stringify({ apps }))
  const start = async (env: Readonly<Record<string, string>> = {}): Promise<Instance> => {
    const child = startChild({
      PORT: '0',
      GRAPH_API_URL: simulator.url,
      GATEWAY_CONFIG: config,
      DATABASE_URL: databaseUrl ?? `file:${join(folder, 'gateway.db')}`,
      RECONCILE_SECONDS: '0',
      LOG_LEVEL: 'error',
      ...env,
    })
    const [, url = ''] = await child.says(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/)
    await Promise.all(apps.map((app) => setCallback(simulator, url, app)))
    const kill = async (): Promise<void> => {
      child.process.kill('SIGKILL')
      await child.ended
    }
    return { url, kill }
  }
  return { start, clean: () => rmSync(folder, { recursive: true, force: true }) }
}

interface App {
  readonly appId: string
  readonly appSecret: string
  readonly verifyToken: string
}

async function setCallback(simulator: Simulator, url: string, app: App): Promise<void> {
  const answer = await fetch(`${simulator.url}/${app.appId}/subscriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.appId}|${app.appSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      object: 'whatsapp_business_account',
      callback_url: `${url}/webhooks/${app.appId}`,
      verify_token: app.verifyToken,
      fields: 'account_update,partner_solutions',
    }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
