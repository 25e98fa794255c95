import { describe, expect, it } from 'vitest'
import { startLoneGateway } from '../http/support/lone-gateway.ts'
import { until } from '../support/until.ts'

const production = { GATEWAY_API_KEY: 'a-key-of-a-caller-0123456789', NODE_ENV: 'production' }

describe('SIGUSR1', () => {
  it('opens no inspector in production', async () => {
    await using gateway = await startLoneGateway(production)
    const { child, url } = gateway
    for (let n = 0; n < 3; n++) {
      child.process.kill('SIGUSR1')
      expect((await fetch(`${url}/health/live`)).status).toBe(200)
    }
    child.process.kill('SIGTERM')
    expect(await child.ended).toBe(0)
    expect(child.stderr()).toBe('')
  })

  it('opens it for those who develop', async () => {
    await using gateway = await startLoneGateway()
    gateway.child.process.kill('SIGUSR1')
    await until(() => gateway.child.stderr() !== '')
    expect(gateway.child.stderr()).toMatch(/Debugger listening|inspector .* failed/)
  })
})
