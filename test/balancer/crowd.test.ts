import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Fleet } from '../support/fleet.ts'
import { whyWithoutNginx } from '../support/nginx.ts'
import { emptyDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { luckyShrub, socialOverdrive } from '../writes/support/play.ts'
import { holdSilentSockets, openBrowser, postFalseWebhooks } from './support/browsers.ts'

describe.skipIf(whyWithoutNginx !== '')(`three instances behind nginx${whyWithoutNginx}`, () => {
  let fleet: Fleet
  beforeAll(async () => {
    fleet = await Fleet.start({ databaseUrl: await emptyDatabase() })
  })
  afterAll(() => fleet[Symbol.asyncDispose]())

  it('let 300 browsers in that come at once, and tell each of what happens, while others hold silent sockets and post false webhooks', async () => {
    const { play } = fleet
    const solutionId = await play.solution('For a crowd')
    const letGo = holdSilentSockets(fleet, 200)
    const stopPosting = postFalseWebhooks(fleet, 2)
    const browsers = Array.from({ length: 300 }, (_, number) => openBrowser(fleet, number))
    await Promise.all(browsers.map(({ isIn }) => isIn))
    const wabaIds: string[] = []
    for (let n = 0; n < 10; n++) wabaIds.push((await play.customer(solutionId)).waba_id)
    await until(() => browsers.every((browser) => wabaIds.every((id) => browser.wabaIds.includes(id))))
    for (const { errors, wabaIds: seen } of browsers) {
      expect(errors).toEqual([])
      // Both apps are told of a customer.
      expect(seen).toHaveLength(2 * wabaIds.length)
    }
    for (const { leave } of browsers) leave()
    await stopPosting()
    letGo()
  })

  it('answer every request and do a write once when one of them stands still for a while', async () => {
    const { play, instances } = fleet
    const paused = instances[0]
    await play.control.faults({
      method: 'POST',
      path: 'whatsapp_business_solution',
      kind: 'latency',
      ms: 1_000,
      times: 1,
    })
    const input = {
      appId: socialOverdrive,
      name: 'While one stands still',
      partnerAppId: luckyShrub,
      messaging: 'PARTNER',
      idempotencyKey: 'a key of one that stands still',
    }
    const first = play.mutate('createSolution', input, 1)
    const before = await play.writes()
    await until(async () => {
      const { byRoute } = await play.control.requests()
      return Object.keys(byRoute).some((route) => route.startsWith('POST') && route.includes('_solution'))
    })
    paused?.signal('SIGSTOP')
    const others = [2, 3].map((instance) => play.mutate('createSolution', input, instance))
    const queries = Array.from({ length: 30 }, () => play.ask('{ apps { name } }'))
    // Two of three go to others, which answer.
    await Promise.race(queries)
    paused?.signal('SIGCONT')
    await Promise.all(queries)
    const created = await first
    expect(created).toMatchObject({ __typename: 'CreateSolutionPayload' })
    await Promise.all(others)
    for (const instance of [0, 1, 2, 3])
      expect(await play.mutate('createSolution', input, instance)).toEqual(created)
    const route = 'POST /{app}/whatsapp_business_solution'
    expect(((await play.writes())[route] ?? 0) - (before[route] ?? 0)).toBe(1)
  })
})
