import { parse } from 'graphql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchBySse, watchByWs, type Watch } from '../support/clients.ts'
import { socialOverdrive, startWorld, type Customer, type World } from './support/world.ts'

interface Item {
  readonly clientWabaOnboardingProgress: {
    readonly cursor: string
    readonly initial: boolean
    readonly source: string
    readonly onboarding: { readonly complete: boolean; readonly steps: { kind: string; state: string }[] }
  }
}

const document = parse(`subscription ($wabaId: ID!, $appId: ID, $after: String) {
  clientWabaOnboardingProgress(wabaId: $wabaId, appId: $appId, after: $after) {
    cursor initial source onboarding { complete steps { kind state } }
  }
}`)

describe('the progress of an account', () => {
  let world: World
  let customer: Customer
  let watch: Watch<Item> | null = null

  beforeEach(async () => {
    world = await startWorld()
    customer = await world.arrive()
  })
  afterEach(async () => {
    watch?.stop()
    await world.close()
  })

  const mine = () => ({ wabaId: customer.waba_id, appId: socialOverdrive })
  const next = async (of: Watch<Item>) => {
    const { data, errors } = await of.inbox.next()
    if (!data) throw new Error(JSON.stringify(errors))
    const { cursor, initial, onboarding } = data.clientWabaOnboardingProgress
    const done = onboarding.steps.filter(({ state }) => state === 'DONE').map(({ kind }) => kind)
    return { cursor, initial, complete: onboarding.complete, done }
  }
  const first = ['SHARED_WITH_PARTNER', 'BUSINESS_TOKEN']

  it.each([
    ['WebSocket', watchByWs],
    ['SSE', watchBySse],
  ] as const)('is sent at the start and after each step, over %s', async (_, watchBy) => {
    await world.simulator.play('wabas', { id: customer.waba_id, payment_method: true })
    watch = (await watchBy(world.gateway.url, document as never, mine())) as Watch<Item>
    expect(await next(watch)).toMatchObject({ initial: true, complete: false, done: first })
    await world.mutate('onboardClientWaba', { ...mine(), pin: '739156' }, '')
    let item = await next(watch)
    while (!item.complete) item = await next(watch)
    expect(item).toMatchObject({
      initial: false,
      done: [...first, 'WEBHOOKS_SUBSCRIBED', 'PHONE_NUMBER_REGISTERED'],
    })
  })

  it('goes on behind a cursor, without the start', async () => {
    watch = (await watchBySse(world.gateway.url, document as never, mine())) as Watch<Item>
    const { cursor } = await next(watch)
    watch.stop()
    await world.mutate('subscribeAppToWaba', mine(), '')
    watch = (await watchBySse(world.gateway.url, document as never, {
      ...mine(),
      after: cursor,
    })) as Watch<Item>
    expect(await next(watch)).toMatchObject({ initial: false, done: [...first, 'WEBHOOKS_SUBSCRIBED'] })
  })

  it('says nothing of an event that changes no step and is no blocker', async () => {
    watch = (await watchBySse(world.gateway.url, document as never, mine())) as Watch<Item>
    await next(watch)
    const change = { field: 'account_update', value: { event: 'VOLUME_BASED_PRICING_TIER_UPDATE' } }
    const entry = [{ id: customer.waba_id, time: 1_800_000_000, changes: [change] }]
    const object = 'whatsapp_business_account'
    expect(await world.simulator.webhook(socialOverdrive, { object, entry })).toEqual([200])
    await world.ask(`{ clientWaba(id: "${customer.waba_id}") { onboarding { complete } } }`)
    await world.mutate('subscribeAppToWaba', mine(), '')
    expect(await next(watch)).toMatchObject({ done: [...first, 'WEBHOOKS_SUBSCRIBED'] })
  })

  it('waits while Graph is down, and says then how things are', async () => {
    watch = (await watchBySse(world.gateway.url, document as never, mine())) as Watch<Item>
    await next(watch)
    await world.simulator.faults({ method: 'GET', path: 'subscribed_apps', kind: 'html', times: 4, after: 2 })
    await world.mutate('subscribeAppToWaba', mine(), '')
    expect(await next(watch)).toMatchObject({ done: [...first, 'WEBHOOKS_SUBSCRIBED'] })
  })

  it('is refused for an account that no app sees', async () => {
    watch = (await watchBySse(world.gateway.url, document as never, { wabaId: '1' })) as Watch<Item>
    expect(await watch.inbox.next()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  })
})
