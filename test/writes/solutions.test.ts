import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { data } from '../support/clients.ts'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import {
  AcceptDeactivationDocument,
  AcceptSolutionDocument,
  CreateSolutionDocument,
  RejectDeactivationDocument,
  RequestDeactivationDocument,
  type CreateSolutionInput,
} from '../support/operations.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'

describe('a write', () => {
  let gateway: TestGateway
  let simulator: Control

  beforeEach(async () => {
    gateway = await startTestGateway()
    simulator = controlOf(gateway.simulator.url)
    await simulator.forgetRequests()
  })
  afterEach(() => gateway.close())

  const create = async (input: Partial<CreateSolutionInput> = {}) => {
    const whole = {
      appId: socialOverdrive,
      name: 'One solution',
      partnerAppId: luckyShrub,
      messaging: 'PARTNER' as const,
      ...input,
    }
    return (await data(gateway.url, CreateSolutionDocument, { input: whole })).createSolution
  }
  const createdId = async (): Promise<string> => {
    const created = await create()
    return 'solution' in created ? created.solution.solutionId : ''
  }
  const accept = async (solutionId: string) =>
    (await data(gateway.url, AcceptSolutionDocument, { input: { solutionId, appId: luckyShrub } }))
      .acceptSolution
  const solutions = () => gateway.simulator.state().solutions
  const writesSeen = async (): Promise<number> => {
    const { byRoute } = await simulator.requests()
    return Object.entries(byRoute).reduce(
      (sum, [route, count]) => sum + (route.startsWith('POST') ? count : 0),
      0,
    )
  }

  it.each(['lostReply', 'truncate'])(
    'whose reply is lost (%s) is found by looking, and never sent again',
    async (kind) => {
      await simulator.faults({ method: 'POST', path: 'whatsapp_business_solution', kind })
      expect(await create()).toMatchObject({ solution: { status: 'INITIATED' } })
      expect(solutions()).toHaveLength(1)
      await simulator.faults({ method: 'POST', path: '/accept', kind })
      expect(await accept(solutions()[0]?.id ?? '')).toMatchObject({ solution: { status: 'ACTIVE' } })
      expect(await writesSeen()).toBe(2)
    },
  )

  it.each(['reset', 'html', 'error'])(
    'that Graph did not answer properly (%s) is OUTCOME_UNKNOWN, and the same again looks and does not send',
    async (kind) => {
      const unknown = { __typename: 'GatewayProblem', code: 'OUTCOME_UNKNOWN', retryable: true }
      await simulator.faults({ method: 'POST', path: 'whatsapp_business_solution', kind })
      expect(await create()).toMatchObject(unknown)
      await simulator.faults()
      expect(await create()).toMatchObject(unknown)
      expect(solutions()).toHaveLength(0)
      const created = await create({ name: 'Another solution' })
      const id = 'solution' in created ? created.solution.solutionId : ''
      await simulator.faults({ method: 'POST', path: '/accept', kind })
      expect(await accept(id)).toMatchObject(unknown)
      await simulator.faults()
      expect(await accept(id)).toMatchObject(unknown)
      expect(await writesSeen()).toBe(3)
    },
  )

  it('that is refused, unknown or done leaves an event that says who did what, and what came of it', async () => {
    const id = await createdId()
    await accept(id)
    await create({ partnerAppId: '1' })
    await simulator.faults({ method: 'POST', path: 'whatsapp_business_solution', kind: 'reset' })
    await create({ name: 'Lost' })
    const { data: answer } = await graphql(
      gateway.url,
      '{ events { edges { node { kind source appId write { actor action actingAppId object outcome problem graphTraceId before after } } } } }',
    )
    const { edges } = (answer?.['events'] ?? { edges: [] }) as { edges: { node: Record<string, unknown> }[] }
    const writes = edges.map(({ node }) => node).filter((node) => node['source'] === 'GATEWAY')
    expect(writes.map(({ appId, kind, write }) => ({ appId, kind, write }))).toMatchObject([
      { appId: luckyShrub, kind: 'SOLUTION_CREATED', write: { action: 'create', outcome: 'DONE' } },
      { appId: socialOverdrive, kind: 'SOLUTION_CREATED', write: { action: 'create', outcome: 'DONE' } },
      {
        appId: luckyShrub,
        kind: 'SOLUTION_UPDATED',
        write: {
          actor: 'LOCAL',
          action: 'accept',
          actingAppId: luckyShrub,
          object: `solution:${id}`,
          outcome: 'DONE',
          problem: null,
          before: { status: 'INITIATED' },
          after: { status: 'ACTIVE' },
        },
      },
      { appId: socialOverdrive, kind: 'SOLUTION_UPDATED', write: { actingAppId: luckyShrub } },
      {
        appId: socialOverdrive,
        kind: 'OTHER',
        write: {
          action: 'create',
          outcome: 'REFUSED',
          problem: 'UPSTREAM_REFUSED',
          graphTraceId: expect.any(String) as string,
        },
      },
      {
        appId: socialOverdrive,
        kind: 'OTHER',
        write: { action: 'create', outcome: 'UNKNOWN', problem: 'OUTCOME_UNKNOWN', after: null },
      },
    ])
  })

  it.each(['error', 'throttle'])(
    'that succeeded is told as done although it cannot be read back (%s)',
    async (kind) => {
      const read = { method: 'GET', path: String.raw`^/795\d+$`, kind, ...(kind === 'error' && { code: 2 }) }
      await simulator.faults(read)
      const created = await create()
      expect(created).toMatchObject({ solution: { solutionId: solutions()[0]?.id, status: 'UNKNOWN' } })
      await simulator.faults({ ...read, after: 1 })
      expect(await accept(solutions()[0]?.id ?? '')).toMatchObject({ solution: { status: 'UNKNOWN' } })
      await simulator.faults()
      expect(solutions()).toMatchObject([{ status: 'ACTIVE' }])
    },
    60_000,
  )

  it('that Graph answers with {} although nothing changed is not told as done', async () => {
    const id = await createdId()
    await simulator.faults({ method: 'POST', path: '/accept', kind: 'error', status: 200, body: {} })
    expect(await accept(id)).toMatchObject({ __typename: 'GatewayProblem', code: 'OUTCOME_UNKNOWN' })
  })

  it('by a key is not given what another request has made', async () => {
    await simulator.faults({ method: 'POST', path: 'whatsapp_business_solution', kind: 'reset', times: 1 })
    expect(await create({ idempotencyKey: 'lost' })).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(await create({ idempotencyKey: 'other' })).toMatchObject({ solution: { status: 'INITIATED' } })
    expect(await create({ idempotencyKey: 'lost' })).toMatchObject({ code: 'OUTCOME_UNKNOWN' })
    expect(solutions()).toHaveLength(1)
  })

  it('by a key that failed for want of a token works when the token is back', async () => {
    await simulator.faults({ method: 'POST', path: 'whatsapp_business_solution', kind: 'error', code: 190 })
    expect(await create({ idempotencyKey: 'token' })).toMatchObject({ code: 'TOKEN_INVALID' })
    await simulator.faults()
    expect(await create({ idempotencyKey: 'token' })).toMatchObject({ solution: { status: 'INITIATED' } })
  })

  it('that is throttled says so with the time to wait, and that nothing happened', async () => {
    await simulator.faults({
      method: 'POST',
      path: 'whatsapp_business_solution',
      kind: 'throttle',
      code: 80008,
      minutes: 7,
    })
    const { data: answer } = await graphql(
      gateway.url,
      `mutation { createSolution(input: {appId: "${socialOverdrive}", name: "One", partnerAppId: "${luckyShrub}", messaging: OWNER}) { ... on GraphApiProblem { code retryable graphCode retryAfterSeconds fbtraceId } } }`,
    )
    expect(answer?.['createSolution']).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      graphCode: 80008,
      retryAfterSeconds: 420,
      fbtraceId: expect.any(String) as string,
    })
  })

  it('with a key gives the first outcome again, and refuses another input', async () => {
    const first = await create({ idempotencyKey: 'order-1' })
    expect(await create({ idempotencyKey: 'order-1' })).toEqual(first)
    expect(solutions()).toHaveLength(1)
    expect(await create({ idempotencyKey: 'order-1', name: 'Another' })).toMatchObject({ code: 'CONFLICT' })
    await create({ idempotencyKey: 'order-2' })
    expect(solutions()).toHaveLength(2)
  })

  it('with a key that two callers use at once happens once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => create({ idempotencyKey: 'race' })))
    expect(solutions()).toHaveLength(1)
    expect(await create({ idempotencyKey: 'race' })).toMatchObject({
      solution: { solutionId: solutions()[0]?.id },
    })
  })

  it('with a key can be repeated after a failure that left nothing behind', async () => {
    const refused = { method: 'POST', path: 'whatsapp_business_solution', kind: 'error', code: 10 }
    await simulator.faults({ ...refused, times: 1 })
    expect(await create({ idempotencyKey: 'again' })).toMatchObject({ code: 'NOT_PERMITTED' })
    expect(await create({ idempotencyKey: 'again' })).toMatchObject({ solution: { status: 'INITIATED' } })
  })

  it("passes Meta's refusal on with its code and words", async () => {
    const refused = await graphql(
      gateway.url,
      `mutation { createSolution(input: {appId: "${socialOverdrive}", name: "One", partnerAppId: "1", messaging: OWNER}) { __typename ... on GraphApiProblem { code graphCode message } } }`,
    )
    expect(refused.data?.['createSolution']).toMatchObject({
      __typename: 'GraphApiProblem',
      code: 'UPSTREAM_REFUSED',
      graphCode: 100,
    })
  })

  it('works with the replies of the reference pages as with those of the guide', async () => {
    await simulator.reset({ replyShapes: 'reference' })
    const solutionId = await createdId()
    expect(await accept(solutionId)).toMatchObject({ solution: { status: 'ACTIVE' } })
    const owner = { input: { solutionId, appId: socialOverdrive } }
    const partner = { input: { solutionId, appId: luckyShrub } }
    const asked = await data(gateway.url, RequestDeactivationDocument, owner)
    expect(asked.requestSolutionDeactivation).toMatchObject({ solution: { status: 'PENDING_DEACTIVATION' } })
    const declined = await data(gateway.url, RejectDeactivationDocument, partner)
    expect(declined.rejectSolutionDeactivation).toMatchObject({ solution: { status: 'ACTIVE' } })
    await data(gateway.url, RequestDeactivationDocument, owner)
    const agreed = await data(gateway.url, AcceptDeactivationDocument, partner)
    expect(agreed.acceptSolutionDeactivation).toMatchObject({ solution: { status: 'DEACTIVATED' } })
  })

  it("lets Graph decide where Meta's documents disagree: the owner answering its own request", async () => {
    const solutionId = await createdId()
    await accept(solutionId)
    const owner = { input: { solutionId, appId: socialOverdrive } }
    await data(gateway.url, RequestDeactivationDocument, owner)
    await simulator.forgetRequests()
    const { acceptSolutionDeactivation } = await data(gateway.url, AcceptDeactivationDocument, owner)
    expect(acceptSolutionDeactivation).toMatchObject({ __typename: 'GraphApiProblem' })
    expect(await writesSeen()).toBe(1)
  })

  it.each<[string, Partial<CreateSolutionInput>, string]>([
    ['a name of one letter', { name: 'x' }, 'name'],
    ['a name of 76 letters', { name: 'x'.repeat(76) }, 'name'],
    ['a name of blanks', { name: '     ' }, 'name'],
    ['a partner that is no id', { partnerAppId: '1/accept' }, 'partnerAppId'],
    ['itself as partner', { partnerAppId: socialOverdrive }, 'partnerAppId'],
    ['an app that is not ours', { appId: '999' }, 'appId'],
    ['the id of a solution as app', { appId: Buffer.from('Solution:1').toString('base64url') }, 'appId'],
    ['no app where there are several', { appId: null }, 'appId'],
    ['an empty key', { idempotencyKey: '' }, 'idempotencyKey'],
  ])('with %s is refused at its path without a Graph call', async (_, input, field) => {
    await simulator.forgetRequests()
    const query = `mutation M($input: CreateSolutionInput!) { createSolution(input: $input) { __typename ... on InvalidInputProblem { code path } } }`
    const whole = {
      appId: socialOverdrive,
      name: 'One solution',
      partnerAppId: luckyShrub,
      messaging: 'PARTNER',
      ...input,
    }
    const answer = await graphql(gateway.url, query, { input: whole })
    expect(answer.data?.['createSolution']).toEqual({
      __typename: 'InvalidInputProblem',
      code: 'INVALID_INPUT',
      path: ['input', field],
    })
    expect((await simulator.requests()).total).toBe(0)
  })

  it('on a solution that is not there, or not ours, is NOT_FOUND', async () => {
    expect(await accept('123456789')).toMatchObject({ __typename: 'GatewayProblem', code: 'NOT_FOUND' })
  })
})
