import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { post } from './support/probe.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const read = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text()
const series = (text: string): number =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length

describe('the metrics', () => {
  it('do not grow with what outsiders make up', async () => {
    const [app] = gateway.config.apps
    await post(gateway.url, '{ apps { name } }')
    await fetch(`${gateway.url}/webhooks/${app.appId}`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    const before = series(await read())
    for (let n = 0; n < 100; n++)
      await Promise.all([
        post(gateway.url, `query Made_up_${n} { apps { name } }`, { 'user-agent': `made up ${n}` }),
        post(gateway.url, `{ solution(id: "${10_000 + n}") { name } }`),
        fetch(`${gateway.url}/made/up/${n}`),
        fetch(`${gateway.url}/webhooks/${n}`, { method: 'POST', body: '{}' }),
        fetch(`${gateway.url}/webhooks/${app.appId}`, {
          method: 'POST',
          body: `{"object":"${n}"}`,
          headers: { 'content-type': 'application/json' },
        }),
      ])
    const text = await read()
    expect(text).not.toMatch(/made.up|10042/i)
    // A histogram of 12 lines for each route of Graph that was new.
    expect(series(text) - before).toBeLessThanOrEqual(2 * 12)
  })

  it('say how Graph was called, by route and not by id', async () => {
    const text = await read()
    expect(text).toMatch(/mps_graph_request_seconds_count\{.*route="\/\{id\}".*\} [1-9]/)
    expect(text).not.toMatch(/route="[^"]*\d{5}/)
  })
})
