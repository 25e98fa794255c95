import { afterEach, beforeEach, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { ask, data } from '../../support/clients.ts'
import { controlOf, type Control } from '../../support/control.ts'
import { OnboardClientWabaDocument, OnboardingChecklistDocument } from '../../support/operations.ts'
import { arrive, socialOverdrive } from './arrive.ts'
import { placeFor, type Instance, type Place } from './instance.ts'

let simulator: Simulator
let control: Control
let place: Place
let gateway: Instance

beforeEach(async () => {
  simulator = await startSimulator({ port: 0 })
  control = controlOf(simulator.url)
  place = placeFor(simulator, null)
  gateway = await place.start()
})
afterEach(async () => {
  await gateway.kill()
  await simulator.close()
  place.clean()
})

it('a gateway that is killed after Graph has registered a number, and before it knows, registers it once', async () => {
  const mine = { wabaId: await arrive(gateway.url, control), appId: socialOverdrive }
  await control.play('wabas', { id: mine.wabaId, payment_method: true })
  const input = { ...mine, pin: '271828' }
  await control.faults({ method: 'POST', path: '/register', kind: 'hang', done: true })
  const broken = ask(gateway.url, OnboardClientWabaDocument, { input }).catch(() => 'broken')
  const registered = (): boolean =>
    simulator.state().accounts.some(({ phoneNumbers }) => phoneNumbers.some((number) => number.registered))
  await expect.poll(registered).toBe(true)
  await gateway.kill()
  expect(await broken).toBe('broken')
  await control.faults()

  gateway = await place.start()
  const { onboardClientWaba } = await data(gateway.url, OnboardClientWabaDocument, { input })
  expect(onboardClientWaba).toMatchObject({ attempts: [], onboarding: { complete: true } })
  const { byRoute } = await control.requests()
  const sent = Object.entries(byRoute).filter(([route]) => route.endsWith('/register'))
  expect(sent.map(([, count]) => count)).toEqual([1])
  const { clientWaba } = await data(gateway.url, OnboardingChecklistDocument, mine)
  expect(clientWaba?.phoneNumbers?.edges[0]?.node.registrationBudget).toMatchObject({ used: 1 })
})
