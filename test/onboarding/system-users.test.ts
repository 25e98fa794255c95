import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

describe('a system user on an account', () => {
  let world: World
  let wabaId: string

  // Lucky Shrub sends the messages, Social Overdrive has no MESSAGING.
  beforeEach(async () => {
    world = await startWorld()
    wabaId = (await world.arrive()).waba_id
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const payload = '... on WabaUserPayload { clientWaba { assignedUsers { userId tasks } } }'
  const assign = (appId: string, tasks: readonly string[], more: object = {}) =>
    world.mutate('assignUserToWaba', { wabaId, appId, tasks, ...more }, payload)
  const unassign = (appId: string) => world.mutate('unassignUserFromWaba', { wabaId, appId }, payload)

  it('is put on it with its tasks, gets more, and keeps what it has', async () => {
    expect(await assign(luckyShrub, ['VIEW_COST'])).toMatchObject({
      clientWaba: { assignedUsers: [{ tasks: ['VIEW_COST'] }] },
    })
    expect(await assign(luckyShrub, ['MANAGE'])).toMatchObject({
      clientWaba: { assignedUsers: [{ tasks: ['VIEW_COST', 'MANAGE'] }] },
    })
    expect(await assign(luckyShrub, ['MANAGE', 'VIEW_COST'])).toMatchObject({ __typename: 'WabaUserPayload' })
    expect(await world.sent('POST', 'assigned_users')).toBe(2)
  })

  it('is taken off it, once', async () => {
    await assign(luckyShrub, ['MANAGE'])
    for (const _ of [1, 2])
      expect(await unassign(luckyShrub)).toMatchObject({ clientWaba: { assignedUsers: [] } })
    expect(await world.sent('DELETE', 'assigned_users')).toBe(1)
  })

  it.each(['MANAGE', 'MESSAGING', 'FULL_CONTROL'])(
    'of an app without MESSAGING cannot get %s, and is told what it can get',
    async (task) => {
      expect(await assign(socialOverdrive, ['VIEW_COST', task])).toMatchObject({
        __typename: 'InvalidInputProblem',
        path: ['input', 'tasks'],
        message: expect.stringContaining('MANAGE_BILLING') as string,
      })
      expect(await world.sent('POST', 'assigned_users')).toBe(0)
      expect(await assign(socialOverdrive, ['MANAGE_BILLING'])).toMatchObject({
        clientWaba: { assignedUsers: [{ tasks: ['MANAGE_BILLING'] }] },
      })
    },
  )

  it('with a task that no page names is for Graph to decide', async () => {
    expect(await assign(socialOverdrive, ['SOMETHING_NEW'])).toMatchObject({ __typename: 'GraphApiProblem' })
  })

  it.each([
    ['tasks', { tasks: [] }],
    ['tasks', { tasks: ['manage'] }],
    ['userId', { userId: '1/2' }],
  ])('is left alone with bad %s, and Graph is not asked', async (field, more) => {
    expect(await assign(luckyShrub, ['MANAGE'], more)).toMatchObject({
      __typename: 'InvalidInputProblem',
      path: ['input', field],
    })
    expect((await world.simulator.requests()).total).toBe(0)
  })

  it('is found when the reply is lost', async () => {
    await world.simulator.faults({ method: 'POST', path: 'assigned_users', kind: 'lostReply' })
    expect(await assign(luckyShrub, ['MANAGE'])).toMatchObject({ __typename: 'WabaUserPayload' })
    expect(await world.sent('POST', 'assigned_users')).toBe(1)
  })
})
