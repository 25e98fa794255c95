import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { mutate } from '../support/mutate.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'
const createPath = '/whatsapp_business_solution'

const mutation = `mutation M($input: CreateSolutionsForTechProviderInput!) {
  createSolutionsForTechProvider(input: $input) {
    __typename
    ... on CreateSolutionsForTechProviderPayload {
      created { techProviderAppId accepted solution { solutionId status ownerApp { appId } } problem { code message } }
    }
    ... on InvalidInputProblem { path }
    ... on GraphApiProblem { code }
    ... on GatewayProblem { code }
  }
}`

describe('embedded creation', () => {
  let gateway: TestGateway
  let simulator: Control
  beforeEach(async () => {
    gateway = await startTestGateway({ logLevel: 'debug' })
    simulator = controlOf(gateway.simulator.url)
    await simulator.forgetRequests()
  })
  afterEach(() => gateway.close())

  const login = async (more = 0): Promise<{ user_token: string; app_ids: string[] }> =>
    simulator.play('login', { more_apps: more })
  const create = async (input: object) => {
    const whole = { appId: luckyShrub, name: 'Together', ...input }
    const answer = await graphql(gateway.url, mutation, { input: whole })
    return (answer.data?.['createSolutionsForTechProvider'] ?? answer) as { created: unknown[] }
  }
  const solutions = () => gateway.simulator.state().solutions

  it('makes a solution for each app that was picked, with the person’s token, and accepts it with ours', async () => {
    const { user_token, app_ids } = await login(2)
    const { created } = await create({ userAccessToken: user_token })
    expect(created).toEqual(
      app_ids.map((appId) => ({
        techProviderAppId: appId,
        accepted: true,
        problem: null,
        solution: { solutionId: expect.any(String) as string, status: 'ACTIVE', ownerApp: { appId } },
      })),
    )
    expect(solutions()).toHaveLength(3)
    expect(gateway.logLines.join('')).not.toContain(user_token)
  })

  it('asks the other edge where Graph does not know the first', async () => {
    await simulator.reset({ applicationDetails: false })
    const { user_token } = await login()
    expect(await create({ userAccessToken: user_token })).toMatchObject({ created: [{ accepted: true }] })
  })

  it('that broke off between its two writes goes on with the solution that is there', async () => {
    const { user_token } = await login()
    await simulator.faults({ method: 'POST', path: '/accept', kind: 'error', code: 10 })
    expect(await create({ userAccessToken: user_token })).toMatchObject({
      created: [{ accepted: false, solution: { status: 'INITIATED' }, problem: { code: 'NOT_PERMITTED' } }],
    })
    await simulator.faults()
    expect(await create({ userAccessToken: user_token })).toMatchObject({
      created: [{ accepted: true, solution: { status: 'ACTIVE' }, problem: null }],
    })
    expect(solutions()).toHaveLength(1)
  })

  it('called again under one name makes nothing new', async () => {
    const { user_token } = await login()
    const first = await create({ userAccessToken: user_token })
    expect(await create({ userAccessToken: user_token })).toEqual(first)
    expect(solutions()).toHaveLength(1)
  })

  it('twice at once makes one, and both are told the truth', async () => {
    const { user_token } = await login()
    const both = await Promise.all([1, 2].map(() => create({ userAccessToken: user_token })))
    for (const one of both)
      expect(one).toMatchObject({
        created: [{ accepted: true, solution: { status: 'ACTIVE' }, problem: null }],
      })
    expect(solutions()).toHaveLength(1)
  })

  it('does not accept an invitation of this name that has other terms', async () => {
    const planted = { appId: socialOverdrive, name: 'Together', partnerAppId: luckyShrub, messaging: 'OWNER' }
    await mutate(gateway.url, ['createSolution', 'CreateSolutionInput'], planted)
    const { user_token } = await login()
    const { created } = await create({ userAccessToken: user_token, messaging: 'PARTNER' })
    expect(created).toMatchObject([{ accepted: true }])
    expect(solutions().map(({ status }) => status)).toEqual(['INITIATED', 'ACTIVE'])
  })

  it.each(['lostReply', 'truncate'])('whose reply is lost (%s) is found by looking', async (kind) => {
    const { user_token } = await login()
    await simulator.faults({ method: 'POST', path: createPath, kind })
    expect(await create({ userAccessToken: user_token })).toMatchObject({ created: [{ accepted: true }] })
    expect(solutions()).toHaveLength(1)
  })

  it('that fails for one app has a result for each of the others', async () => {
    const { user_token, app_ids } = await login(1)
    await simulator.faults({
      method: 'POST',
      path: `/${app_ids[0]}/whatsapp_business_solution`,
      kind: 'error',
      code: 10,
    })
    expect(await create({ userAccessToken: user_token })).toMatchObject({
      created: [
        {
          techProviderAppId: app_ids[0],
          solution: null,
          accepted: false,
          problem: { code: 'NOT_PERMITTED' },
        },
        { techProviderAppId: app_ids[1], accepted: true, problem: null },
      ],
    })
  })

  it('with a token that Graph does not take says so', async () => {
    expect(await create({ userAccessToken: 'EAANOTATOKEN' })).toMatchObject({ code: 'TOKEN_INVALID' })
    expect(gateway.logLines.join('')).not.toContain('EAANOTATOKEN')
  })

  it.each<[string, object, string]>([
    ['an app that is not ours', { appId: '999' }, 'appId'],
    ['no app where there are several', { appId: null }, 'appId'],
    ['a name of 76 letters', { name: 'x'.repeat(76) }, 'name'],
    ['an empty token', { userAccessToken: '' }, 'userAccessToken'],
    ['a token with a line break', { userAccessToken: 'EAA\nX: y' }, 'userAccessToken'],
  ])('with %s is refused at its path without a Graph call', async (_, input, field) => {
    const answer = await create({ userAccessToken: 'EAAUSER', ...input })
    expect(answer).toEqual({ __typename: 'InvalidInputProblem', path: ['input', field] })
    expect((await simulator.requests()).total).toBe(0)
  })

  it('is told to both apps of ours, as of the one that acted', async () => {
    const { user_token } = await login()
    await create({ userAccessToken: user_token })
    const { data } = await graphql(
      gateway.url,
      '{ events { edges { node { appId kind write { action actingAppId object } } } } }',
    )
    const { edges } = (data?.['events'] ?? { edges: [] }) as unknown as { edges: { node: object }[] }
    const told = edges.map(({ node }) => node).filter((node) => 'write' in node && node.write !== null)
    expect(told).toMatchObject([
      { appId: luckyShrub, kind: 'SOLUTION_CREATED', write: { actingAppId: luckyShrub } },
      { appId: socialOverdrive, kind: 'SOLUTION_CREATED', write: { action: 'create_for_tech_provider' } },
      { kind: 'SOLUTION_UPDATED', write: { action: 'accept' } },
      { kind: 'SOLUTION_UPDATED', write: { action: 'accept' } },
    ])
  })
})
