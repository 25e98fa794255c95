import { describe, expect, it } from 'vitest'
import { startLoneGateway } from '../http/support/lone-gateway.ts'
import { startNginx, whyWithoutNginx } from '../support/nginx.ts'

describe.skipIf(whyWithoutNginx !== '')(`behind nginx as the documents show it${whyWithoutNginx}`, () => {
  it('a request reaches one of the instances that are there, also when others are not', async () => {
    await using gateway = await startLoneGateway()
    await using nginx = await startNginx(['http://127.0.0.1:9', gateway.url, 'http://127.0.0.1:9'])
    for (let n = 0; n < 10; n++) expect((await fetch(`${nginx.url}/health/ready`)).status).toBe(200)
    expect(nginx.errors()).toContain('Connection refused')
  })
})
