import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { controlOf } from '../support/control.ts'
import { startTestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { startBeside } from '../support/beside.ts'
import { socialOverdrive } from './support/world.ts'

describe('a query of which Graph answers nothing', () => {
  it('ends with its first read, also where another app would be asked next', async () => {
    let requests = 0
    const silent = createServer(() => requests++).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    await using sandbox = await startTestGateway()
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    await using gateway = await startBeside(sandbox, { deadlineMs: 1_500, graphUrl: address })
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
    await using gateway = await startBeside(sandbox, { deadlineMs: 4_000 })
    const [{ id } = { id: '' }] = sandbox.simulator.state().solutions
    await simulator.faults({ kind: 'latency', path: id, ms: 1_500 })
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
