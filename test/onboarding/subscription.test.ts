import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, startWorld, type World } from './support/world.ts'

const canary = 'canary-verify-token-of-a-tenant'

describe('the webhooks of an account', () => {
  let world: World
  let wabaId: string
  let businessId: string

  beforeEach(async () => {
    world = await startWorld({ overrideHosts: ['hooks.example.com', '*.example.org'] })
    const customer = await world.arrive()
    wabaId = customer.waba_id
    businessId = customer.business_id
    await world.simulator.forgetRequests()
  })
  afterEach(() => world.close())

  const mine = () => ({ wabaId, appId: luckyShrub })
  const subscribe = () => world.mutate('subscribeAppToWaba', mine(), payload)
  const payload = '... on WabaSubscriptionPayload { clientWaba { wabaId subscribedApps { appId } } }'
  /** As the other side sets it, past the gateway. */
  const overrideAtGraph = async (): Promise<void> => {
    const { createServer } = await import('node:http')
    const callback = createServer((request, response) =>
      response.end(new URL(request.url ?? '', 'http://x').searchParams.get('hub.challenge')),
    )
    await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve))
    const { port } = callback.address() as { port: number }
    const app = world.gateway.config.apps.find(({ appId }) => appId === luckyShrub)
    const token = await fetch(
      `${world.gateway.simulator.url}/${world.solutionId}/access_token?business_id=${businessId}`,
      { headers: { authorization: `Bearer ${app?.systemToken}` } },
    )
    const { data } = (await token.json()) as { data: [{ access_token: string }] }
    const answer = await fetch(`${world.gateway.simulator.url}/${wabaId}/subscribed_apps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${data[0].access_token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ override_callback_uri: `http://127.0.0.1:${port}/in`, verify_token: canary }),
    })
    callback.close()
    expect(await answer.json()).toEqual({ success: true })
    await world.simulator.forgetRequests()
  }
  const overrides = async (): Promise<unknown> => {
    const app = world.gateway.config.apps.find(({ appId }) => appId === luckyShrub)
    const answer = await fetch(`${world.gateway.simulator.url}/${wabaId}/subscribed_apps`, {
      headers: { authorization: `Bearer ${app?.systemToken}` },
    })
    return answer.json()
  }

  it('come to the app once it is subscribed, and to subscribe again sends nothing', async () => {
    expect(await subscribe()).toMatchObject({
      clientWaba: { wabaId, subscribedApps: [{ appId: luckyShrub }] },
    })
    expect(await subscribe()).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
    expect(await world.sent('POST', 'subscribed_apps')).toBe(1)
  })

  it('end when it is unsubscribed, and to unsubscribe again sends nothing', async () => {
    await subscribe()
    for (const _ of [1, 2])
      expect(await world.mutate('unsubscribeAppFromWaba', mine(), payload)).toMatchObject({
        clientWaba: { subscribedApps: [] },
      })
    expect(await world.sent('DELETE', 'subscribed_apps')).toBe(1)
  })

  it('keep an override when the app is subscribed again', async () => {
    await subscribe()
    await overrideAtGraph()
    const before = await overrides()
    expect(JSON.stringify(before)).toContain('override_callback_uri')
    expect(await subscribe()).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
    expect(await world.sent('POST', 'subscribed_apps')).toBe(0)
    expect(await overrides()).toEqual(before)
  })

  it('lose an override with the subscription only when somebody says so', async () => {
    await subscribe()
    await overrideAtGraph()
    expect(await world.mutate('unsubscribeAppFromWaba', mine(), '')).toMatchObject({ code: 'CONFLICT' })
    expect(await world.sent('DELETE', 'subscribed_apps')).toBe(0)
    expect(await world.mutate('unsubscribeAppFromWaba', { ...mine(), dropOverride: true }, '')).toMatchObject(
      { __typename: 'WabaSubscriptionPayload' },
    )
  })

  it('go to the app again when an override is cleared, and the subscription stays', async () => {
    await subscribe()
    await overrideAtGraph()
    expect(await world.mutate('clearWabaWebhookOverride', mine(), payload)).toMatchObject({
      clientWaba: { subscribedApps: [{ appId: luckyShrub }] },
    })
    expect(await world.sent('POST', 'subscribed_apps')).toBe(1)
    expect(await world.mutate('clearWabaWebhookOverride', mine(), '')).toMatchObject({
      __typename: 'WabaSubscriptionPayload',
    })
    expect(await world.sent('POST', 'subscribed_apps')).toBe(1)
  })

  it('are not overridden before the app is subscribed', async () => {
    const input = { ...mine(), callbackUri: 'https://hooks.example.com/in', verifyToken: canary }
    expect(await world.mutate('setWabaWebhookOverride', input, '')).toMatchObject({ code: 'WRONG_STATE' })
    expect(await world.mutate('clearWabaWebhookOverride', mine(), '')).toMatchObject({
      __typename: 'WabaSubscriptionPayload',
    })
    expect(await world.sent('POST', 'subscribed_apps')).toBe(0)
  })

  const callbackUri = 'https://hooks.example.com/in'
  const setOverride = () =>
    world.mutate(
      'setWabaWebhookOverride',
      { ...mine(), callbackUri, verifyToken: canary },
      '... on WabaSubscriptionPayload { clientWaba { webhookSubscription { subscribed overrideCallbackUri } } }',
    )
  // The simulator would ask the callback, which is nowhere: so it says that it has.
  const took = {
    method: 'POST',
    path: 'subscribed_apps',
    kind: 'error',
    status: 200,
    body: { success: true },
  }
  const shows = {
    method: 'GET',
    path: 'subscribed_apps',
    kind: 'error',
    status: 200,
    body: {
      data: [
        {
          whatsapp_business_api_data: { id: luckyShrub, name: 'Lucky Shrub' },
          override_callback_uri: callbackUri,
        },
      ],
    },
  }

  it('go to the callback that Meta has verified, read back; to set it again sends nothing', async () => {
    await subscribe()
    await world.simulator.forgetRequests()
    await world.simulator.faults(took, { ...shows, after: 1 })
    for (const _ of [1, 2])
      expect(await setOverride()).toMatchObject({
        clientWaba: { webhookSubscription: { subscribed: true, overrideCallbackUri: callbackUri } },
      })
    expect(await world.sent('POST', 'subscribed_apps')).toBe(1)
    const { events } = (await world.ask(
      '{ events(last: 1) { edges { node { kind write { action outcome after } } } } }',
    )) as { events: unknown }
    expect(events).toMatchObject({
      edges: [
        {
          node: {
            kind: 'CLIENT_WABA_UPDATED',
            write: {
              action: 'set_webhook_override',
              outcome: 'DONE',
              after: { overrideCallbackUri: callbackUri },
            },
          },
        },
      ],
    })
    expect(JSON.stringify(events)).not.toContain(canary)
  })

  it('are not called overridden when Graph takes the request and shows nothing of it', async () => {
    await subscribe()
    await world.simulator.faults(took)
    expect(await setOverride()).toMatchObject({ __typename: 'GatewayProblem', code: 'OUTCOME_UNKNOWN' })
  })

  it('say so when Meta refuses an override, and never repeat its verify token', async () => {
    await subscribe()
    await world.simulator.faults({
      method: 'POST',
      path: 'subscribed_apps',
      kind: 'error',
      code: 2200,
      status: 400,
      message: `Callback verification failed for ${canary}`,
    })
    const input = { ...mine(), callbackUri: 'https://hooks.example.com/in', verifyToken: canary }
    const answer = await world.mutate('setWabaWebhookOverride', input, '')
    expect(answer).toMatchObject({ __typename: 'GraphApiProblem', code: 'UPSTREAM_REFUSED' })
    expect(JSON.stringify(answer)).not.toContain(canary)
    const events = await world.ask(
      '{ events(last: 100) { edges { node { write { before after } ... on OtherEvent { payload } } } } }',
    )
    expect(JSON.stringify(events)).not.toContain(canary)
  })

  it.each([
    ['http://hooks.example.com/in'],
    ['http://169.254.169.254/latest/meta-data'],
    ['https://169.254.169.254/'],
    ['https://user@hooks.example.com/'],
    ['https://user:word@hooks.example.com/'],
    ['https://localhost/in'],
    ['https://a.localhost/in'],
    ['https://2130706433/'],
    ['https://0x7f.1/'],
    ['https://[::ffff:10.0.0.1]/'],
    ['https://[::1]/'],
    ['https://xn--hooks-kva.example.org/'],
    ['https://höoks.example.org/'],
    ['https://hooks.example.com.evil.net/'],
    ['https://example.org/'],
    ['https://evilexample.org/'],
    ['https://hooks.example.com:8443/'],
    ['https://hooks.example.com\\@evil.net/'],
    ['https://hooks.example.com/in#fragment'],
    ['//hooks.example.com/in'],
    ['javascript:alert(1)'],
    [`https://hooks.example.com/${'a'.repeat(200)}`],
    [''],
  ])('are not sent to %s, and Graph is not asked', async (callbackUri) => {
    const input = { ...mine(), callbackUri, verifyToken: canary }
    expect(await world.mutate('setWabaWebhookOverride', input, '')).toMatchObject({
      __typename: 'InvalidInputProblem',
      path: ['input', 'callbackUri'],
    })
    expect((await world.simulator.requests()).total).toBe(0)
  })

  it.each(['lostReply', 'truncate'])('are looked up when the reply is lost (%s)', async (kind) => {
    await world.simulator.faults({ method: 'POST', path: 'subscribed_apps', kind })
    expect(await subscribe()).toMatchObject({ clientWaba: { subscribedApps: [{ appId: luckyShrub }] } })
    expect(await world.sent('POST', 'subscribed_apps')).toBe(1)
  })

  it('are changed once by two callers at once', async () => {
    const both = await Promise.all([subscribe(), subscribe()])
    expect(both.map(({ __typename }) => __typename)).toEqual(Array(2).fill('WabaSubscriptionPayload'))
    expect(await world.sent('POST', 'subscribed_apps')).toBe(1)
  })
})
