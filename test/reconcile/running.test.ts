import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readConfig, type AppConfig } from '../../src/config/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { data, watchBySse, watchByWs, type Watch } from '../support/clients.ts'
import { controlOf } from '../support/control.ts'
import {
  AcceptSolutionDocument,
  CreateSolutionDocument,
  EventsDocument,
  WatchEventsDocument,
  WatchOnboardingDocument,
  type WatchEventsSubscription,
} from '../support/operations.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'

type SimulatedApp = ReturnType<Simulator['state']>['apps'][number]

function toConfig({ appId, appSecret, systemToken, businessId, verifyToken }: SimulatedApp): AppConfig {
  return { appId, appSecrets: [appSecret], systemToken, businessId, creditLineId: null, verifyToken }
}

/** Meta, to whom nobody has given a callback: every webhook is lost. */
async function startSilentMeta() {
  const simulator = await startSimulator({ port: 0 })
  onTestFinished(() => simulator.close())
  const control = controlOf(simulator.url)
  const apps = simulator.state().apps.map(toConfig)
  const [invited, owner] = apps as [AppConfig, AppConfig]

  /** A gateway as it is run, which looks every second. */
  async function gateway(databaseUrl: string): Promise<{ url: string; close(): Promise<void> }> {
    const base = readConfig({ PORT: '0', LOG_LEVEL: 'silent' })
    const config = { ...base, graphUrl: simulator.url, databaseUrl, apps, reconcileSeconds: 1 }
    const { url, close } = await startGateway(config)
    let closing: Promise<void> | undefined
    const once = (): Promise<void> => (closing ??= close())
    onTestFinished(once)
    return { url, close: once }
  }

  async function activeSolution(url: string): Promise<string> {
    const input = {
      appId: owner.appId,
      name: 'Found late',
      partnerAppId: invited.appId,
      messaging: 'OWNER' as const,
    }
    const { createSolution } = await data(url, CreateSolutionDocument, { input })
    const solutionId = 'solution' in createSolution ? createSolution.solution.solutionId : ''
    await data(url, AcceptSolutionDocument, { input: { solutionId, appId: invited.appId } })
    return solutionId
  }

  /** Resolves when so many looks at both apps have begun and ended. */
  async function looks(count: number): Promise<void> {
    await control.forgetRequests()
    const lists = async (): Promise<number> => {
      const { byRoute } = await control.requests()
      const routes = Object.entries(byRoute).filter(([route]) =>
        /client_whatsapp_business_accounts/.test(route),
      )
      return routes.reduce((sum, [, calls]) => sum + calls, 0)
    }
    // The lists of one more look: then everything of those before is done.
    await until(async () => (await lists()) > (count + 1) * apps.length)
  }

  return { control, invited, gateway, activeSolution, looks }
}

const found = { sources: ['RECONCILED' as const], kinds: ['CLIENT_WABA_ONBOARDED' as const] }
const accountsIn = ({ inbox }: Watch<WatchEventsSubscription>) =>
  inbox.seen.flatMap(({ data: item }) =>
    item?.events.__typename === 'ClientWabaEvent' ? [item.events.wabaId] : [],
  )

describe('a running gateway', () => {
  it('shows a customer whose webhooks were all lost in subscriptions that are open, once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-running-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const { control, invited, gateway, activeSolution, looks } = await startSilentMeta()
    const { url } = await gateway(`file:${folder}/gateway.db`)
    const solutionId = await activeSolution(url)
    await looks(1)
    const filter = { ...found, appId: invited.appId }
    const events = await watchBySse(url, WatchEventsDocument, { filter })
    const onboardings = await watchByWs(url, WatchOnboardingDocument, { appId: invited.appId })
    const { waba_id: wabaId } = await control.onboard(solutionId)
    expect((await onboardings.inbox.next()).data?.clientWabaOnboarded).toMatchObject({
      clientWaba: { wabaId },
      solution: { solutionId },
    })
    await looks(1)
    expect(accountsIn(events)).toEqual([wabaId])
    expect(onboardings.inbox.seen).toHaveLength(1)
    events.stop()
    onboardings.stop()
  })

  it('and another one on the same PostgreSQL find it once together, and the one that is left finds the next', async () => {
    const { control, invited, gateway, activeSolution, looks } = await startSilentMeta()
    const databaseUrl = await emptyDatabase()
    const [first, second] = [await gateway(databaseUrl), await gateway(databaseUrl)]
    const solutionId = await activeSolution(first.url)
    await looks(1)
    const filter = { ...found, appId: invited.appId }
    const watches = await Promise.all(
      [first, second].map(({ url }) => watchByWs(url, WatchEventsDocument, { filter })),
    )
    const { waba_id: wabaId } = await control.onboard(solutionId)
    for (const { inbox } of watches)
      await inbox.next(({ data: item }) => item?.events.__typename === 'ClientWabaEvent')
    await looks(2)
    for (const watch of watches) expect(accountsIn(watch)).toEqual([wabaId])

    watches[0]?.stop()
    await first.close()
    const { waba_id: next } = await control.onboard(solutionId)
    await watches[1]?.inbox.next(({ data: item }) => item?.events.__typename === 'ClientWabaEvent')
    expect(watches[1] && accountsIn(watches[1])).toEqual([wabaId, next])
    const { events } = await data(second.url, EventsDocument, { filter, first: 100 })
    expect(events?.edges).toHaveLength(2)
    watches[1]?.stop()
  })
})
