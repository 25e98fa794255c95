import { afterEach, beforeEach, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts'
import { controlOf } from '../../support/control.ts'
import { emptyDatabase } from '../../support/postgres.ts'
import { arrive } from './arrive.ts'
import { placeFor, type Instance, type Place } from './instance.ts'

let simulator: Simulator
let place: Place
let instances: readonly Instance[]

beforeEach(async () => {
  simulator = await startSimulator({ port: 0 })
  place = placeFor(simulator, await emptyDatabase())
})
afterEach(async () => {
  for (const instance of instances) await instance.kill()
  await simulator.close()
  place.clean()
})

it('two instances on one database onboard what arrives once for each app', async () => {
  const rule = { AUTO_ONBOARD: 'subscribe,credit:GBP' }
  instances = [await place.start(rule), await place.start(rule)]
  const control = controlOf(simulator.url)
  const wabaId = await arrive(instances[0]?.url ?? '', control)
  const account = () => simulator.state().accounts.find(({ id }) => id === wabaId)
  await expect.poll(() => account()?.subscribedApps.length).toBe(2)
  await expect.poll(() => simulator.state().attachments.length).toBe(1)
  const { byRoute } = await control.requests()
  const sent = (edge: string): number[] =>
    Object.entries(byRoute)
      .filter(([route]) => route.startsWith('POST ') && route.endsWith(edge))
      .map(([, count]) => count)
  expect(sent('/subscribed_apps')).toEqual([2])
  expect(sent('/whatsapp_credit_sharing_and_attach')).toEqual([1])
})
