import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { alertFields, neededFields } from '../../src/alerts/fields.ts'
import type { AppConfig } from '../../src/config/config.ts'
import type { NewEvent, StoredEvent } from '../../src/events/event.ts'
import type { EventLog } from '../../src/events/log.ts'
import { SqliteLog } from '../../src/events/sqlite/log.ts'
import { openDatabase } from '../../src/events/sqlite/open.ts'
import { createGraphClient } from '../../src/graph/client.ts'
import { createGraph, type Graph } from '../../src/graph/graph.ts'
import { ReadMemory } from '../../src/reads/memory.ts'
import { noResult, type ReconcileResult } from '../../src/reconcile/findings.ts'
import { soleGuard, type LeaseGuard } from '../../src/reconcile/lease-guard.ts'
import { AppReconciler, type ReconcilerOptions } from '../../src/reconcile/reconciler.ts'
import {
  startReconciliation,
  type Reconciliation,
  type ReconciliationOptions,
} from '../../src/reconcile/schedule.ts'
import { startSimulator, type Seed, type Simulator } from '../../src/simulator/simulator.ts'
import { createWebhookHandler } from '../../src/webhooks/receive.ts'
import { controlOf, type Control } from '../support/control.ts'

export interface World {
  readonly control: Control
  readonly simulator: Simulator
  readonly callbackUrl: string
  readonly graph: Graph
  readonly log: EventLog
  /** The invited partner's app, whose list is looked at. */
  readonly lucky: AppConfig
  /** The app that owns solutions. */
  readonly social: AppConfig
  /** What the reconcilers wrote to their log. */
  readonly lines: readonly string[]
  /** A reconciler of Lucky Shrub's app, unless told otherwise, that has taken its first look. */
  watch(options?: Partial<ReconciliationOptions>): Promise<Reconciliation>
  /** A single look at Lucky Shrub's app, by nobody who has looked before. */
  look(options?: Partial<ReconcilerOptions>, guard?: LeaseGuard): Promise<ReconcileResult>
  /** The reconciler, just begun. */
  start(options?: Partial<ReconciliationOptions>): Reconciliation
  /** From here on no webhook reaches the log. */
  loseWebhooks(): Promise<void>
  /** One of the actions on a solution, or its creation, with an app's system token. */
  act(app: AppConfig, path: string, body?: object): Promise<Record<string, string>>
  activeSolution(): Promise<string>
  /** Resolves when the log holds this many events of the app. */
  told(count: number): Promise<void>
  /** Moves the clock by which the client waits when Graph asked it to. */
  wait(ms: number): void
  events(app?: AppConfig): Promise<readonly StoredEvent[]>
  reconciled(app?: AppConfig): Promise<readonly StoredEvent[]>
}

/** The simulator as Meta, the gateway's own intake as the app's callback, and a store on disk. All goes with the test. */
export async function startWorld(seed: Seed = {}): Promise<World> {
  const simulator = await startSimulator({ port: 0, seed })
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-reconcile-'))
  const log = new SqliteLog(openDatabase(join(folder, 'events.db')))
  let ahead = 0
  const time = { now: () => Date.now() + ahead }
  const client = createGraphClient({ baseUrl: simulator.url, version: 'v26.0', time })
  const graph = createGraph(client)
  const apps = simulator.state().apps.map(toConfig)
  const [lucky, social] = apps as [AppConfig, AppConfig]
  const intake = await startIntake(apps, log)
  for (const app of apps) await subscribe({ simulator, callbackUrl: intake.url }, app)
  const stop = new AbortController()
  const running: Reconciliation[] = []
  const lines: string[] = []
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(line) })
  onTestFinished(async () => {
    stop.abort()
    await Promise.all(running.map(({ stopped }) => stopped))
    await intake.close()
    await client.close()
    await simulator.close()
    await log.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const memory = new ReadMemory()
  const parts = { graph, memory, log, clock: Date.now, logger, signal: stop.signal, pauseMs: 0, graceMs: 0 }
  const daily = { subscribedAppsEveryMs: 86_400_000, baselineMs: 86_400_000 }

  const look = async (
    options: Partial<ReconcilerOptions> = {},
    guard: LeaseGuard = soleGuard(log),
  ): Promise<ReconcileResult> => {
    const watcher = new AppReconciler(lucky, { ...parts, ...daily, ...options })
    return (await guard.withLease((lease) => watcher.run(lease))) ?? noResult
  }

  const start = (options: Partial<ReconciliationOptions> = {}): Reconciliation => {
    const guard = soleGuard(options.log ?? log)
    const started = startReconciliation({ ...parts, apps: [lucky], guard, ...options })
    running.push(started)
    return started
  }

  const events = async (app = lucky): Promise<readonly StoredEvent[]> =>
    (await log.readAfter(0, { appIds: [app.appId] }, 10_000)).events

  const act = async (app: AppConfig, path: string, body: object = {}): Promise<Record<string, string>> => {
    const response = await fetch(`${simulator.url}/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.systemToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(await response.text())
    return (await response.json()) as Record<string, string>
  }

  const told = async (count: number): Promise<void> => {
    const end = AbortSignal.timeout(240_000)
    for (;;) {
      const appended = log.appended(end)
      if ((await events()).length >= count) return
      if (end.aborted) throw new Error('the webhooks did not come')
      await appended
    }
  }

  return {
    control: controlOf(simulator.url),
    simulator,
    callbackUrl: intake.url,
    graph,
    log,
    lucky,
    social,
    lines,
    start,
    look,
    async watch(options) {
      const started = start(options)
      await started.runNow()
      return started
    },
    loseWebhooks: () => intake.close(),
    act,
    async activeSolution() {
      const { solution_id: id = '' } = await act(social, `${social.appId}/whatsapp_business_solution`, {
        solution_name: 'Two of us',
        partner_app_id: lucky.appId,
        owner_permissions: [],
        partner_permissions: ['MESSAGING'],
      })
      await act(lucky, `${id}/accept`)
      await told(2)
      return id
    },
    told,
    wait: (ms) => {
      ahead += ms
    },
    events,
    reconciled: async (app = lucky) => (await events(app)).filter(({ source }) => source === 'RECONCILED'),
  }
}

export type Caller = Pick<Graph, 'call' | 'readAll'>

/** Graph, with something happening right after each answer to a call of one kind. */
export function interrupted(
  graph: Caller,
  isOne: (path: readonly string[]) => boolean,
  happen: () => Promise<unknown>,
): Caller {
  return {
    call: async (endpoint, as, options) => {
      const answer = await graph.call(endpoint, as, options)
      if (isOne(endpoint.path)) await happen()
      return answer
    },
    readAll: async (reads, options) => {
      const answers = await graph.readAll(reads, options)
      if (reads.some(({ endpoint }) => isOne(endpoint.path))) await happen()
      return answers
    },
  }
}

/** A webhook as the log keeps it. */
export function webhookEvent(app: AppConfig, fields: Partial<NewEvent>): NewEvent {
  const now = Date.now()
  return {
    appId: app.appId,
    kind: 'CLIENT_WABA_ONBOARDED',
    source: 'WEBHOOK',
    dedupeKey: JSON.stringify(fields),
    occurredAt: now,
    receivedAt: now,
    field: 'account_update',
    event: null,
    solutionId: null,
    wabaId: null,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: '{}',
    ...fields,
  }
}

type SimulatedApp = ReturnType<Simulator['state']>['apps'][number]

function toConfig({ appId, appSecret, systemToken, businessId, verifyToken }: SimulatedApp): AppConfig {
  return { appId, appSecrets: [appSecret], systemToken, businessId, creditLineId: null, verifyToken }
}

async function startIntake(apps: readonly AppConfig[], log: EventLog) {
  const handle = createWebhookHandler({
    apps: new Map(
      apps.map(({ appId, appSecrets, verifyToken }) => [
        appId,
        { appId, appSecrets, verifyTokens: [verifyToken] },
      ]),
    ),
    intake: log,
    deadLetters: { add: async () => {} },
    countUnstored: () => {},
    counters: { count: () => undefined, countReceived: () => undefined },
    log: { warn: () => undefined, error: () => undefined },
    senderOf: () => ({ address: '', network: '', isAllowed: true }),
    now: Date.now,
  })
  const server = createServer((req, res) => void handle(req, res, /^\/(\d+)/.exec(req.url ?? '')?.[1]))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

/** Subscribes an app to the fields that the gateway needs. */
export async function subscribe(
  { simulator, callbackUrl }: Pick<World, 'simulator' | 'callbackUrl'>,
  app: AppConfig,
): Promise<void> {
  const response = await fetch(`${simulator.url}/${app.appId}/subscriptions`, {
    method: 'POST',
    headers: appToken(app),
    body: JSON.stringify({
      object: 'whatsapp_business_account',
      callback_url: `${callbackUrl}/${app.appId}`,
      verify_token: app.verifyToken,
      fields: [...neededFields, ...alertFields].join(','),
    }),
  })
  if (!response.ok) throw new Error(await response.text())
}

/** Takes the whole subscription away, or only some of its fields. */
export async function unsubscribe(simulatorUrl: string, app: AppConfig, fields?: string): Promise<void> {
  const query = fields === undefined ? '' : `?fields=${fields}`
  const url = `${simulatorUrl}/${app.appId}/subscriptions${query}`
  const response = await fetch(url, { method: 'DELETE', headers: appToken(app) })
  if (!response.ok) throw new Error(await response.text())
}

const appToken = ({ appId, appSecrets: [secret] }: AppConfig) => ({
  authorization: `Bearer ${appId}|${secret}`,
  'content-type': 'application/json',
})
