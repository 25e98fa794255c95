import { describe, expect, it } from 'vitest'
import { controlOf } from '../support/control.ts'
import { startTestGateway } from '../support/gateway.ts'
import { mutate } from '../support/mutate.ts'
import { emptyDatabase, query } from '../support/postgres.ts'
import { wireTo } from '../support/postgres-wire.ts'
import { until } from '../support/until.ts'

describe('a store that goes away while a write is out', () => {
  it('costs no second write: once it is back, the same key gets the first outcome', async () => {
    const url = await emptyDatabase()
    const database = await wireTo(url)
    await using gateway = await startTestGateway({ databaseUrl: database.url })
    const control = controlOf(gateway.simulator.url)
    const [owner, partner] = gateway.config.apps
    const create = () =>
      mutate(
        gateway.url,
        ['createSolution', 'CreateSolutionInput'],
        {
          appId: owner.appId,
          partnerAppId: partner.appId,
          name: 'Once',
          messaging: 'PARTNER',
          idempotencyKey: 'k',
        },
        '... on CreateSolutionPayload { solution { solutionId } }',
      )
    await control.faults({
      path: '/whatsapp_business_solution',
      method: 'POST',
      kind: 'latency',
      ms: 1500,
      times: 1,
    })
    const first = create()
    await until(async () =>
      Object.keys((await control.requests()).byRoute).some((route) =>
        /^POST .*whatsapp_business_solution/.test(route),
      ),
    )
    database.leadTo('postgres://127.0.0.1:1/away')
    const created = await first
    expect(created).toMatchObject({ solution: { solutionId: expect.any(String) as string } })
    database.leadTo(url)
    await until(async () => {
      const [row] = await query(url, `SELECT state FROM writes WHERE verb = 'create'`)
      return row?.['state'] === 'done'
    })
    await until(async () => (await fetch(`${gateway.url}/health/ready`)).status === 200)
    expect(await create()).toMatchObject({ solution: created['solution'] })
    const { solutions } = (await (await fetch(`${gateway.simulator.url}/__sim/state`)).json()) as {
      solutions: { name: string }[]
    }
    expect(solutions.filter(({ name }) => name === 'Once')).toHaveLength(1)
  })
})
