import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { ask, data, watchByWs, type Watch } from '../../support/clients.ts'
import { controlOf, type Control } from '../../support/control.ts'
import {
  OnboardClientWabaDocument,
  OnboardingChecklistDocument,
  OnboardingProgressDocument,
  type OnboardingProgressSubscription,
} from '../../support/operations.ts'
import { emptyDatabase } from '../../support/postgres.ts'
import { arrive, luckyShrub, socialOverdrive } from './arrive.ts'
import { placeFor, type Instance, type Place } from './instance.ts'

// One story told in order: each step stands on the one before.
describe.each([
  ['SQLite', 'new'],
  ['SQLite', 'old'],
  ['PostgreSQL', 'new'],
] as const)(
  'a customer is onboarded by a Tech Provider, on %s, in the %s account model',
  (store, accountModel) => {
    let simulator: Simulator
    let control: Control
    let place: Place
    let gateway: Instance
    let wabaId: string
    let watch: Watch<OnboardingProgressSubscription>

    beforeAll(async () => {
      simulator = await startSimulator({ port: 0, seed: { accountModel } })
      control = controlOf(simulator.url)
      place = placeFor(simulator, store === 'SQLite' ? null : await emptyDatabase())
      gateway = await place.start()
    })
    afterAll(async () => {
      watch.stop()
      await gateway.kill()
      await simulator.close()
      place.clean()
    })

    const mine = () => ({ wabaId, appId: socialOverdrive })
    const input = () => ({ ...mine(), pin: '271828' })
    const states = async (): Promise<Record<string, string>> => {
      const { clientWaba } = await data(gateway.url, OnboardingChecklistDocument, mine())
      const steps = clientWaba?.onboarding?.steps ?? []
      return Object.fromEntries(steps.map(({ kind, state }) => [kind, state]))
    }
    const startWatching = async (): Promise<void> => {
      watch = await watchByWs(gateway.url, OnboardingProgressDocument, mine())
    }
    const progress = async () => {
      const { data: item, errors } = await watch.inbox.next()
      const { initial, onboarding } = item?.clientWabaOnboardingProgress ?? {}
      if (!onboarding) throw new Error(JSON.stringify(errors))
      return { initial, ...onboarding, done: onboarding.steps.filter(({ state }) => state === 'DONE').length }
    }
    const commits = async (route: string): Promise<number> => {
      const { byRoute } = await control.requests()
      const names = Object.keys(byRoute).filter((name) => name.startsWith('POST ') && name.endsWith(route))
      return names.reduce((sum, name) => sum + (byRoute[name] ?? 0), 0)
    }

    it('begins when the customer completes Embedded Signup of a solution', async () => {
      wabaId = await arrive(gateway.url, control)
      expect(await states()).toMatchObject({ SHARED_WITH_PARTNER: 'DONE' })
    })

    it('shows what is done, what is left, and what the other partner has to do', async () => {
      expect(await states()).toEqual({
        SHARED_WITH_PARTNER: 'DONE',
        BUSINESS_TOKEN: 'DONE',
        WEBHOOKS_SUBSCRIBED: 'TODO',
        CREDIT_SHARED: 'TODO',
        PHONE_NUMBER_REGISTERED: 'TODO',
      })
    })

    it('is killed in the middle: the app is subscribed, the number is not registered', async () => {
      await startWatching()
      expect(await progress()).toMatchObject({ initial: true, complete: false, done: 2 })
      await control.forgetRequests()
      await control.faults({ method: 'GET', path: '/phone_numbers', kind: 'hang' })
      const broken = ask(gateway.url, OnboardClientWabaDocument, { input: input() }).catch(() => 'broken')
      expect(await progress()).toMatchObject({ initial: false, complete: false, done: 3 })
      watch.stop()
      await gateway.kill()
      expect(await broken).toBe('broken')
      await control.faults()
    })

    it('goes on where it stopped, while somebody watches, and writes nothing twice', async () => {
      gateway = await place.start()
      await startWatching()
      expect(await progress()).toMatchObject({ initial: true, complete: false, done: 3 })
      const { onboardClientWaba } = await data(gateway.url, OnboardClientWabaDocument, { input: input() })
      expect(onboardClientWaba).toMatchObject({
        attempts: [{ kind: 'PHONE_NUMBER_REGISTERED', problem: null }],
        onboarding: { complete: false },
      })
      expect(await progress()).toMatchObject({ initial: false, complete: false, done: 4 })
      expect(await commits('/subscribed_apps')).toBe(1)
      expect(await commits('/register')).toBe(1)
    })

    it('has nothing left for the Tech Provider, who is told that the Solution Partner’s credit is missing', async () => {
      const { onboardClientWaba } = await data(gateway.url, OnboardClientWabaDocument, { input: input() })
      expect(onboardClientWaba).toMatchObject({
        attempts: [],
        onboarding: { complete: false, blockers: [{ code: 'NO_PAYMENT_METHOD', waitsFor: 'PARTNER' }, {}] },
      })
      expect(await commits('/subscribed_apps')).toBe(1)
      expect(await commits('/register')).toBe(1)
    })

    it('has counted one registration, also after the restart', async () => {
      const { clientWaba } = await data(gateway.url, OnboardingChecklistDocument, mine())
      expect(clientWaba?.phoneNumbers?.edges[0]?.node).toMatchObject({
        status: 'CONNECTED',
        registrationBudget: { used: 1, remaining: 9 },
      })
    })

    it('is complete for both once the Solution Partner shares its credit', async () => {
      const bySolutionPartner = { wabaId, appId: luckyShrub, currency: 'USD' as const }
      const { onboardClientWaba } = await data(gateway.url, OnboardClientWabaDocument, {
        input: bySolutionPartner,
      })
      expect(onboardClientWaba).toMatchObject({
        attempts: [
          { kind: 'WEBHOOKS_SUBSCRIBED', problem: null },
          { kind: 'CREDIT_SHARED', problem: null },
        ],
        onboarding: { complete: true },
      })
      const { clientWaba } = await data(gateway.url, OnboardingChecklistDocument, {
        wabaId,
        appId: luckyShrub,
      })
      expect(clientWaba?.onboarding?.steps.map(({ state }) => state)).toEqual(Array(5).fill('DONE'))
      const { clientWaba: theirs } = await data(gateway.url, OnboardingChecklistDocument, mine())
      expect(theirs?.onboarding).toMatchObject({
        complete: true,
        // A limit, which keeps nobody from sending.
        blockers: [{ code: 'BUSINESS_NOT_VERIFIED', waitsFor: 'CUSTOMER' }],
      })
      expect(await commits('whatsapp_credit_sharing_and_attach')).toBe(1)
    })
  },
)
