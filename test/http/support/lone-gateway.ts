import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild, type Child } from '../../support/child.ts'

const app = { appId: '637576208107267', secret: 'a-secret-of-the-app-0123456789' }

export interface LoneGateway extends AsyncDisposable {
  readonly child: Child
  readonly url: string
  /** What it has resident, in bytes; NaN where there is no /proc. */
  memory(): number
}

/** Collects what is no longer held soon, so that `memory()` shows what is. */
export const tidy = { NODE_OPTIONS: '--max-old-space-size=256' }

/** A gateway in a process of its own, on a store of its own, whose Graph does not answer: for load and for signals. */
export async function startLoneGateway(env: Readonly<Record<string, string>> = {}): Promise<LoneGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-lone-'))
  const child = startChild({
    PORT: '0',
    DATABASE_URL: `file:${join(folder, 'gateway.db')}`,
    GRAPH_API_URL: 'http://127.0.0.1:9',
    META_APP_ID: app.appId,
    META_APP_SECRET: app.secret,
    META_SYSTEM_TOKEN: 'a-system-token-0123456789',
    META_BUSINESS_ID: '520744086200222',
    WEBHOOK_VERIFY_TOKEN: 'a-verify-token',
    RECONCILE_SECONDS: '0',
    STREAM_HEARTBEAT_SECONDS: '9999',
    ...env,
  })
  const [, url = ''] = await child.says(/(http:\/\/127\.0\.0\.1:\d+)\/graphql/).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true })
    throw error
  })
  return {
    child,
    url,
    memory: () => residentBytes(child.process.pid ?? 0),
    async [Symbol.asyncDispose]() {
      child.process.kill('SIGKILL')
      await child.ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A signed post that tells of so many accounts, in this order; each event is about so large. */
export function postAbout(from: number, count: number, size = 0): Post {
  const entry = Array.from({ length: count }, (_, n) => ({
    id: '520744086200222',
    time: 1_750_000_000,
    changes: [{ field: 'account_update', value: onboarded(from + n, size) }],
  }))
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry })
  const signature = createHmac('sha256', app.secret).update(body).digest('hex')
  const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` }
  return { path: `/webhooks/${app.appId}`, headers, body }
}

/** Sends such a post. Its events are stored when this resolves. */
export async function tellOf(url: string, from: number, count: number, size = 0): Promise<void> {
  const { path, headers, body } = postAbout(from, count, size)
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body })
  if (response.status !== 200) throw new Error(`The webhook was answered ${response.status}`)
}

/** Sentences of Meta's are the largest that an event can hold. */
function onboarded(wabaId: number, size: number) {
  const advice = { restriction_type: 'RESTRICTED_UTILITY_TEMPLATES', remediation: 'x'.repeat(450) }
  const restriction_info = Array.from(
    { length: Math.ceil(size / JSON.stringify(advice).length) },
    () => advice,
  )
  return {
    event: 'PARTNER_ADDED',
    waba_info: { waba_id: String(wabaId), owner_business_id: '232' },
    ...(size > 0 && { restriction_info }),
  }
}

function residentBytes(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
  } catch {
    return Number.NaN
  }
}
