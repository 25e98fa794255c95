import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { taskToAssign } from '../../src/system-users/assign-user.ts'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

describe('the task of our system user', () => {
  it.each([
    ['MANAGE', 'of an account that came through no solution', null],
    ['MANAGE', 'where the solution gave us MESSAGING', ['MESSAGING', 'DEVELOP']],
    ['MANAGE_BILLING', 'where it did not', ['DEVELOP']],
    ['MANAGE_BILLING', 'where it gave nothing', []],
  ])('is %s %s', (expected, _, permissions) => {
    expect(taskToAssign(permissions)).toBe(expected)
  })
})

describe('the prerequisite of sharing credit', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({ seed: { solutions: 0, wabas: 0 } })
  })
  afterEach(() => world.close())

  /** A customer through a solution in which one side sends messages. */
  const arrive = async (messaging: 'OWNER' | 'PARTNER'): Promise<string> => {
    const { createSolution } = (await world.ask(
      `mutation { createSolution(input: { appId: "${socialOverdrive}", name: "A solution", partnerAppId: "${luckyShrub}", messaging: ${messaging} }) {
        ... on CreateSolutionPayload { solution { solutionId } } } }`,
    )) as { createSolution: { solution: { solutionId: string } } }
    const { solutionId } = createSolution.solution
    await world.ask(
      `mutation { acceptSolution(input: { solutionId: "${solutionId}", appId: "${luckyShrub}" }) { __typename } }`,
    )
    return (await world.simulator.onboard(solutionId)).waba_id
  }
  const tasks = async (wabaId: string): Promise<unknown> => {
    const { data } = (await world.atGraph(
      'GET',
      `/${wabaId}/assigned_users?business=${world.app.businessId}&fields=tasks`,
    )) as { data: { tasks: string[] }[] }
    return data.map((user) => user.tasks)
  }

  it.each([
    ['PARTNER', ['MANAGE']],
    ['OWNER', ['MANAGE_BILLING']],
  ] as const)(
    'is met with what the solution allows when the %s sends messages',
    async (messaging, expected) => {
      const wabaId = await arrive(messaging)
      expect(await world.share({ wabaId })).toMatchObject({ verified: true })
      expect(await tasks(wabaId)).toEqual([expected])
    },
  )

  it('keeps the tasks that the user has', async () => {
    const wabaId = await arrive('OWNER')
    const { systemUserId } = world.sim.state().apps.find(({ appId }) => appId === luckyShrub) ?? {}
    await world.atGraph('POST', `/${wabaId}/assigned_users?user=${systemUserId}&tasks=["DEVELOP"]`)
    const refused = await world.share({ wabaId, addSystemUser: false })
    expect(refused['message']).toContain('has only DEVELOP')
    expect(await world.share({ wabaId })).toMatchObject({ verified: true })
    expect(await tasks(wabaId)).toEqual([['DEVELOP', 'MANAGE_BILLING']])
  })

  it('asks whom the token speaks for where the users of the portfolio cannot be listed', async () => {
    const wabaId = await arrive('OWNER')
    await world.simulator.faults({ method: 'GET', path: 'system_users', kind: 'error', code: 200 })
    expect(await world.share({ wabaId })).toMatchObject({ verified: true })
    await world.simulator.faults(
      { method: 'GET', path: 'system_users', kind: 'error', code: 200 },
      { method: 'GET', path: 'debug_token', kind: 'error', code: 200 },
    )
    // It is known by now, as long as the process lives.
    expect(await world.share({ wabaId: await arrive('OWNER') })).toMatchObject({ verified: true })
  })

  it.each(['lostReply', 'truncate'])('is looked up when the reply is lost: %s', async (kind) => {
    const wabaId = await arrive('OWNER')
    await world.simulator.faults({ method: 'POST', path: 'assigned_users', times: 1, kind })
    await world.simulator.forgetRequests()
    expect(await world.share({ wabaId })).toMatchObject({ verified: true })
    expect(await world.done('assigned_users')).toBe(1)
  })

  it('stops the sharing when Graph refuses it', async () => {
    const wabaId = await arrive('OWNER')
    await world.simulator.faults({ method: 'POST', path: 'assigned_users', kind: 'error', code: 100 })
    await world.simulator.forgetRequests()
    expect(await world.share({ wabaId })).toMatchObject({
      __typename: 'GraphApiProblem',
      code: 'UPSTREAM_REFUSED',
    })
    expect(await world.done('whatsapp_credit_sharing_and_attach')).toBe(0)
  })

  it('is left to Graph where it cannot be looked at', async () => {
    const wabaId = await arrive('OWNER')
    await world.simulator.faults({ method: 'GET', path: 'assigned_users', kind: 'error', code: 200 })
    expect(await world.share({ wabaId, addSystemUser: false })).toMatchObject({
      __typename: 'GraphApiProblem',
      code: 'NOT_PERMITTED',
    })
  })

  it('is a role besides: an Employee is told by Graph, before anything is sent', async () => {
    const wabaId = await arrive('PARTNER')
    await world.simulator.play('role', { app_id: luckyShrub, role: 'EMPLOYEE' })
    await world.simulator.forgetRequests()
    const refused = await world.share({ wabaId })
    expect(refused).toMatchObject({ __typename: 'GraphApiProblem', code: 'NOT_PERMITTED' })
    expect(refused['message']).toContain('Financial Editor')
    expect(await world.done('assigned_users')).toBe(0)
    const { clientWaba } = await world.ask(
      `query ($id: ID!) { clientWaba(id: $id) { creditActions { available reason } } }`,
      { id: wabaId },
    )
    expect(clientWaba).toMatchObject({
      creditActions: [{ available: false, reason: expect.stringContaining('Financial Editor') as string }],
    })
  })
})

describe('an account of partner-initiated creation', () => {
  it.each(['SHARE_AND_ATTACH', 'SHARE_THEN_ATTACH'])(
    'takes a line by %s with the system token, since no business token opens it',
    async (method) => {
      const world = await startWorld({ seed: { solutions: 0, wabas: 0 } })
      const { waba_id: wabaId } = await world.simulator.play<{ waba_id: string }>('install', {
        app_id: luckyShrub,
      })
      expect(await world.share({ wabaId, method })).toMatchObject({
        verified: true,
        creditAllocation: { status: 'SHARED' },
      })
      expect(await world.share({ wabaId, method })).toMatchObject({ verified: true })
      expect(world.sim.state().attachments).toHaveLength(1)
      await world.close()
    },
  )
})
