import { once } from 'node:events'
import { mkdtempDisposable } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startGateway } from '../../src/resources.ts'
import { controlOf } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { socialOverdrive } from './support/world.ts'

/** Another gateway on the same Graph, or on the one at this address, that has less patience. */
async function startImpatient(sandbox: TestGateway, deadlineMs: number, graphUrl = sandbox.config.graphUrl) {
  const folder = await mkdtempDisposable(join(tmpdir(), 'gateway-'))
  const databaseUrl = `file:${join(folder.path, 'gateway.db')}`
  const config = { ...sandbox.config, graphUrl, databaseUrl, port: 0, reconcileSeconds: 0 }
  const gateway = await startGateway(config, undefined, { deadlineMs })
  const dispose = async (): Promise<void> => {
    await gateway.close()
    await folder.remove()
  }
  return { url: gateway.url, [Symbol.asyncDispose]: dispose }
}

describe('a query of which Graph answers nothing', () => {
  it('ends with its first read, also where another app would be asked next', async () => {
    let requests = 0
    const silent = createServer(() => requests++).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    await using sandbox = await startTestGateway()
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    await using gateway = await startImpatient(sandbox, 400, address)
    const { errors } = await graphql(gateway.url, '{ solution(id: "123456") { name } }')
    expect(errors).toMatchObject([{ path: ['solution'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }])
    expect(requests).toBe(1)
    silent.closeAllConnections()
    silent.close()
  })
})

describe('a mutation at a slow Graph', () => {
  it('has time to look after its write, whatever the write and the look before it have taken', async () => {
    await using sandbox = await startTestGateway()
    const simulator = controlOf(sandbox.simulator.url)
    await simulator.reset({ solutions: 1, wabas: 0 })
    await using gateway = await startImpatient(sandbox, 2_000)
    const [{ id } = { id: '' }] = sandbox.simulator.state().solutions
    await simulator.faults({ kind: 'latency', path: id, ms: 1_000 })
    const { data } = await graphql(
      gateway.url,
      `mutation { requestSolutionDeactivation(input: { solutionId: "${id}", appId: "${socialOverdrive}" }) {
        ... on SolutionActionPayload { solution { status name } } } }`,
    )
    expect(data).toMatchObject({
      requestSolutionDeactivation: {
        solution: { status: 'PENDING_DEACTIVATION', name: expect.any(String) as string },
      },
    })
  })
})
