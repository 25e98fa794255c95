import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/config/config.ts'
import { startSandbox, type Sandbox } from '../../../src/cli/sandbox.ts'
import { ask, data, watchBySse, watchByWs, type Watch } from '../../support/clients.ts'
import {
  AcceptDeactivationDocument,
  AcceptSolutionDocument,
  AppsDocument,
  ClientWabasDocument,
  CreateSolutionDocument,
  EmbeddedSignupDocument,
  EventsDocument,
  RejectDeactivationDocument,
  RejectSolutionDocument,
  RequestDeactivationDocument,
  SolutionDocument,
  WatchEventsDocument,
  WatchOnboardingDocument,
  WatchSolutionsDocument,
  type WatchEventsSubscription,
  type WatchOnboardingSubscription,
  type WatchSolutionsSubscription,
} from '../../support/operations.ts'
import { emptyDatabase } from '../../support/postgres.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'

// One story told in order: each step stands on the one before.
describe.each(['SQLite', 'PostgreSQL'])('two partners live through a solution, on %s', (store) => {
  let sandbox: Sandbox
  let solutionId: string
  let luckyByWs: Watch<WatchSolutionsSubscription>
  let luckyBySse: Watch<WatchSolutionsSubscription>
  let socialByWs: Watch<WatchSolutionsSubscription>
  let onboardingByWs: Watch<WatchOnboardingSubscription>
  let onboardingBySse: Watch<WatchOnboardingSubscription>
  let events: Watch<WatchEventsSubscription>

  beforeAll(async () => {
    const own = store === 'SQLite' ? {} : { DATABASE_URL: await emptyDatabase() }
    sandbox = await startSandbox(
      { ...readConfig({ ...own, PORT: '0', LOG_LEVEL: 'silent' }) },
      0,
      'DATABASE_URL' in own,
    )
    luckyByWs = await watchByWs(sandbox.url, WatchSolutionsDocument, { appId: luckyShrub })
    luckyBySse = await watchBySse(sandbox.url, WatchSolutionsDocument, { appId: luckyShrub })
    socialByWs = await watchByWs(sandbox.url, WatchSolutionsDocument, { appId: socialOverdrive })
    onboardingByWs = await watchByWs(sandbox.url, WatchOnboardingDocument, { appId: luckyShrub })
    onboardingBySse = await watchBySse(sandbox.url, WatchOnboardingDocument, { appId: socialOverdrive })
    events = await watchByWs(sandbox.url, WatchEventsDocument, {})
  })

  afterAll(async () => {
    for (const watch of [luckyByWs, luckyBySse, socialByWs, onboardingByWs, onboardingBySse, events])
      watch.stop()
    await sandbox.close()
  })

  const everybodySees = async (status: string): Promise<void> => {
    for (const watch of [luckyByWs, luckyBySse, socialByWs]) {
      const result = await watch.inbox.next()
      expect(result.errors).toBeUndefined()
      expect(result.data?.solutionStatusChanged).toMatchObject({
        status,
        initial: false,
        solution: { solutionId },
      })
    }
  }
  const act = (appId: string) => ({ input: { solutionId, appId } })
  const actionsOf = async (appId: string) => {
    const { solution } = await data(sandbox.url, SolutionDocument, { id: solutionId })
    return Object.fromEntries(
      (solution?.actions ?? [])
        .filter((state) => state.appId === appId)
        .map(({ action, reason }) => [action, reason]),
    )
  }
  const launch = async () => {
    const { solution } = await data(sandbox.url, EmbeddedSignupDocument, {
      id: solutionId,
      configId: '1234567890',
    })
    return solution
  }

  it('begins with the apps of both partners and no solution', async () => {
    const { apps } = await data(sandbox.url, AppsDocument, {})
    expect(apps).toMatchObject([
      { appId: luckyShrub, name: 'Lucky Shrub', businessId: '506914307656634', solutions: { edges: [] } },
      {
        appId: socialOverdrive,
        name: 'Social Overdrive',
        businessId: '520744086200222',
        solutions: { edges: [] },
      },
    ])
  })

  it('shows Lucky Shrub the invitation of Social Overdrive as INITIATED, over WebSocket and SSE', async () => {
    const { createSolution } = await data(sandbox.url, CreateSolutionDocument, {
      input: {
        appId: socialOverdrive,
        name: 'Grünwald / Söhne',
        partnerAppId: luckyShrub,
        messaging: 'PARTNER',
      },
    })
    expect(createSolution).toMatchObject({ solution: { name: 'Grünwald / Söhne', status: 'INITIATED' } })
    solutionId = (createSolution as { solution: { solutionId: string } }).solution.solutionId
    await everybodySees('INITIATED')
  })

  it('shows partners and permissions, and who may accept or reject', async () => {
    const { solution } = await data(sandbox.url, SolutionDocument, { id: solutionId })
    expect(solution).toMatchObject({
      graphStatus: 'INITIATED',
      graphPendingRequest: 'PENDING_ACTIVATION',
      ownerApp: { name: 'Social Overdrive' },
      partners: { edges: [{ node: { app: { name: 'Lucky Shrub' }, status: 'NOTIFICATION_SENT' } }] },
    })
    expect(solution?.partners?.edges[0]?.node.permissions).toContain('MESSAGING')
    expect(solution?.ownerPermissions).not.toContain('MESSAGING')
    expect(await actionsOf(luckyShrub)).toMatchObject({ ACCEPT: null, REJECT: null })
    expect(await actionsOf(socialOverdrive)).toMatchObject({
      ACCEPT: expect.stringContaining('invited partner') as string,
      REJECT: expect.stringContaining('invited partner') as string,
    })
  })

  it('gives no launch options before the solution is active', async () => {
    expect(await launch()).toEqual({ status: 'INITIATED', acceptsOnboarding: false, embeddedSignup: null })
  })

  it('answers wrong moves with a typed problem that says why', async () => {
    const tooEarly = await data(sandbox.url, RequestDeactivationDocument, act(socialOverdrive))
    expect(tooEarly.requestSolutionDeactivation).toMatchObject({
      __typename: 'WrongStateProblem',
      code: 'WRONG_STATE',
      message: expect.stringContaining('INITIATED') as string,
    })
    const byOwner = await data(sandbox.url, AcceptSolutionDocument, act(socialOverdrive))
    expect(byOwner.acceptSolution).toMatchObject({
      __typename: 'GatewayProblem',
      code: 'NOT_PERMITTED',
      message: expect.stringContaining('invited partner') as string,
    })
    const byNobody = await data(sandbox.url, AcceptSolutionDocument, { input: { solutionId } })
    expect(byNobody.acceptSolution).toMatchObject({
      __typename: 'InvalidInputProblem',
      code: 'INVALID_INPUT',
    })
  })

  it('becomes ACTIVE on both sides when Lucky Shrub accepts, and then gives the launch options', async () => {
    const { acceptSolution } = await data(sandbox.url, AcceptSolutionDocument, act(luckyShrub))
    expect(acceptSolution).toMatchObject({ solution: { status: 'ACTIVE', acceptsOnboarding: true } })
    await everybodySees('ACTIVE')
    expect((await launch())?.embeddedSignup).toEqual({
      solutionId,
      options: {
        config_id: '1234567890',
        response_type: 'code',
        override_default_response_type: true,
        extras: { setup: { solutionID: solutionId } },
      },
    })
  })

  it('refuses to accept twice', async () => {
    const { acceptSolution } = await data(sandbox.url, AcceptSolutionDocument, act(luckyShrub))
    expect(acceptSolution).toMatchObject({
      __typename: 'WrongStateProblem',
      code: 'WRONG_STATE',
      message: expect.stringContaining('ACTIVE') as string,
    })
  })

  it('announces a customer who completes Embedded Signup, with account, owner and solution', async () => {
    const response = await fetch(`${sandbox.simulatorUrl}/__sim/onboard`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        solution_id: solutionId,
        business_name: 'Café Zoë',
        waba_name: 'Café Zoë WhatsApp',
      }),
    })
    const made = (await response.json()) as { waba_id: string; business_id: string }
    for (const watch of [onboardingByWs, onboardingBySse]) {
      const { data: item, errors } = await watch.inbox.next()
      expect(errors).toBeUndefined()
      expect(item?.clientWabaOnboarded).toMatchObject({
        clientWaba: {
          wabaId: made.waba_id,
          name: 'Café Zoë WhatsApp',
          ownerBusiness: { businessId: made.business_id, name: 'Café Zoë' },
        },
        solution: { solutionId },
      })
    }
    const { apps } = await data(sandbox.url, ClientWabasDocument, {})
    for (const app of apps)
      expect(app.clientWabas?.edges).toMatchObject([
        { node: { wabaId: made.waba_id, solutions: { edges: [{ node: { solutionId } }] } } },
      ])
  })

  it('keeps onboarding while a deactivation is asked for, and is ACTIVE again when it is declined', async () => {
    const asked = await data(sandbox.url, RequestDeactivationDocument, act(socialOverdrive))
    expect(asked.requestSolutionDeactivation).toMatchObject({
      solution: { status: 'PENDING_DEACTIVATION', acceptsOnboarding: true },
    })
    await everybodySees('PENDING_DEACTIVATION')
    expect((await launch())?.embeddedSignup).not.toBeNull()
    const declined = await data(sandbox.url, RejectDeactivationDocument, act(luckyShrub))
    expect(declined.rejectSolutionDeactivation).toMatchObject({ solution: { status: 'ACTIVE' } })
    await everybodySees('ACTIVE')
  })

  it('ends for good when the deactivation is accepted: no launch options, no actions left', async () => {
    await data(sandbox.url, RequestDeactivationDocument, act(socialOverdrive))
    await everybodySees('PENDING_DEACTIVATION')
    const { acceptSolutionDeactivation } = await data(
      sandbox.url,
      AcceptDeactivationDocument,
      act(luckyShrub),
    )
    expect(acceptSolutionDeactivation).toMatchObject({
      solution: { status: 'DEACTIVATED', acceptsOnboarding: false },
    })
    await everybodySees('DEACTIVATED')
    expect((await launch())?.embeddedSignup).toBeNull()
    for (const appId of [luckyShrub, socialOverdrive])
      expect(Object.values(await actionsOf(appId))).not.toContain(null)
  })

  it('shows a second solution as REJECTED when the invited partner declines', async () => {
    const { createSolution } = await data(sandbox.url, CreateSolutionDocument, {
      input: { appId: socialOverdrive, name: 'Second try', partnerAppId: luckyShrub, messaging: 'OWNER' },
    })
    solutionId = (createSolution as { solution: { solutionId: string } }).solution.solutionId
    await everybodySees('INITIATED')
    const { rejectSolution } = await data(sandbox.url, RejectSolutionDocument, act(luckyShrub))
    expect(rejectSolution).toMatchObject({ solution: { status: 'REJECTED' } })
    await everybodySees('REJECTED')
  })

  it('has the whole history in `events`, page by page, and sent the same over the subscription', async () => {
    type Edge = Awaited<ReturnType<typeof page>>['edges'][number]
    const page = async (after: string | null) => {
      const { events } = await data(sandbox.url, EventsDocument, { first: 5, after })
      if (!events) throw new Error('The log could not be read')
      return events
    }
    const history: Edge[] = []
    for (let after: string | null = null; ;) {
      const { edges, pageInfo } = await page(after)
      history.push(...edges)
      after = pageInfo.endCursor ?? null
      if (!pageInfo.hasNextPage) break
    }
    const heard: unknown[] = []
    while (heard.length < history.length) heard.push((await events.inbox.next()).data?.events)
    expect(heard.map((event) => (event as { cursor: string }).cursor)).toEqual(
      history.map((edge) => edge.cursor),
    )
    const toldByMeta = history
      .map(({ node }) => node)
      .filter(({ source, appId }) => source === 'WEBHOOK' && appId === luckyShrub)
    expect(toldByMeta.map((node) => ('reportedStatus' in node ? node.reportedStatus : node.kind))).toEqual([
      'INITIATED',
      'ACTIVE',
      'CLIENT_WABA_ONBOARDED',
      'PENDING_DEACTIVATION',
      'PENDING_DEACTIVATION',
      'DEACTIVATED',
      'INITIATED',
      'REJECTED',
    ])
  })

  it('refuses an id of another type by name', async () => {
    const wrong = Buffer.from(`ClientWaba:${solutionId}`).toString('base64url')
    const result = await ask(sandbox.url, SolutionDocument, { id: wrong })
    expect(result.errors?.[0]).toMatchObject({
      message: expect.stringContaining('id of a ClientWaba') as string,
      extensions: { code: 'INVALID_INPUT' },
    })
  })
})
