import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { startChild } from '../support/child.ts'

describe('the sandbox on a store of its own choice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mps-gateway-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const start = () =>
    startChild({ PORT: '0', SIMULATOR_PORT: '0', DATABASE_URL: `file:${join(folder, 'gateway.db')}` })

  it('says at its second start that its world is new and the store is not', async () => {
    const first = start()
    const [, simulator = ''] = await first.says(/Simulator +(http:\/\/127\.0\.0\.1:\d+)\/[\s\S]*Ctrl\+C/)
    const [, gateway = ''] = await first.says(/GraphiQL +(http:\/\/127\.0\.0\.1:\d+)\/graphql/)
    expect(first.stdout()).not.toContain('earlier world')
    await fetch(`${simulator}/__sim/onboard`, { method: 'POST' })
    const events = async (): Promise<string> => {
      const body = JSON.stringify({ query: '{ events { edges { node { kind } } } }' })
      const headers = { 'content-type': 'application/json' }
      return (await fetch(`${gateway}/graphql`, { method: 'POST', headers, body })).text()
    }
    await expect.poll(events).toContain('CLIENT_WABA_ONBOARDED')
    first.process.kill('SIGTERM')
    expect(await first.ended).toBe(0)

    const second = start()
    await second.says(
      /This store holds the events of an earlier world: [\s\S]*"The simulator alone" in README/,
    )
    second.process.kill('SIGTERM')
    await second.ended
  })
})
