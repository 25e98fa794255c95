import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watchByWs, type Watch } from '../support/clients.ts'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'

const appId = '21202248997039'
const watchArrivals = parse('subscription { clientWabaOnboarded { trackingCode clientWaba { wabaId } } }')

interface Arrivals {
  readonly clientWabaOnboarded: { trackingCode: string | null; clientWaba: { wabaId: string } }
}

describe('of a customer who uses the number in the WhatsApp Business app as well', () => {
  let gateway: TestGateway
  let control: Control
  let arrivals: Watch<Arrivals>
  let customer: { waba_id: string; business_id: string; phone_number_ids: string[] }
  beforeAll(async () => {
    gateway = await startTestGateway({ reconcileSeconds: 1 })
    control = controlOf(gateway.simulator.url)
    arrivals = await watchByWs<Arrivals, object>(gateway.url, watchArrivals as never, {})
    customer = await control.play('onboard', { app_id: appId })
    const { data } = await arrivals.inbox.next()
    expect(data?.clientWabaOnboarded.clientWaba.wabaId).toBe(customer.waba_id)
  })
  afterAll(async () => {
    arrivals.stop()
    await gateway.close()
  })

  const kinds = async (): Promise<string[]> => {
    const query = `{ clientWaba(id: "${customer.waba_id}") { events(first: 50) { edges { node { kind } } } } }`
    const { data } = await graphql(gateway.url, query)
    const { edges } = (data as { clientWaba: { events: { edges: { node: { kind: string } }[] } } }).clientWaba
      .events
    return edges.map(({ node }) => node.kind)
  }

  it('one number leaves and comes back while the account stays, in every list, step and count', async () => {
    const [id = ''] = customer.phone_number_ids
    await control.play('phones', { id, is_on_biz_app: true })
    await control.play('phones', { id, is_on_biz_app: false })
    await expect.poll(kinds).toEqual(['CLIENT_WABA_ONBOARDED', 'PHONE_NUMBER_DISCONNECTED'])
    const back = { event: 'ACCOUNT_RECONNECTED', phone_number: '15550783881' }
    const changes = [{ field: 'account_update', value: back }]
    const entry = [{ id: customer.waba_id, time: 1_796_041_244, changes }]
    await control.webhook(appId, { object: 'whatsapp_business_account', entry })
    await expect.poll(kinds).toHaveLength(3)
    const query = `{
      clientWaba(id: "${customer.waba_id}") { onboarding { steps { kind state } } }
      app(id: "${appId}") { clientWabas(first: 50) { edges { node { wabaId } } } }
    }`
    const { data } = (await graphql(gateway.url, query)) as {
      data?: {
        clientWaba: { onboarding: { steps: { kind: string; state: string }[] } }
        app: { clientWabas: { edges: { node: { wabaId: string } }[] } }
      } | null
    }
    expect(data?.clientWaba.onboarding.steps).toContainEqual({ kind: 'SHARED_WITH_PARTNER', state: 'DONE' })
    expect(data?.app.clientWabas.edges.map(({ node }) => node.wabaId)).toContain(customer.waba_id)
    // Comparisons go on meanwhile: neither finds that the account left, nor that it came anew.
    const next = await control.play<{ waba_id: string }>('onboard', { app_id: appId })
    const { data: later } = await arrivals.inbox.next()
    expect(later?.clientWabaOnboarded.clientWaba.wabaId).toBe(next.waba_id)
    expect(await kinds()).toEqual([
      'CLIENT_WABA_ONBOARDED',
      'PHONE_NUMBER_DISCONNECTED',
      'PHONE_NUMBER_RECONNECTED',
    ])
  })

  it('who came by a hosted signup the arrival says whose it is', async () => {
    const value = {
      event: 'PARTNER_ADDED',
      waba_info: { waba_id: '102990000000022', owner_business_id: '2329990000000022' },
      sessionInfo: { trackingCode: '7d0e11aa-0000-4000-8000-0123456789ab' },
    }
    const entry = [
      { id: '506914307656634', time: 1_796_041_184, changes: [{ field: 'account_update', value }] },
    ]
    await control.webhook(appId, { object: 'whatsapp_business_account', entry })
    const { data } = await arrivals.inbox.next()
    expect(data?.clientWabaOnboarded).toEqual({
      trackingCode: '7d0e11aa-0000-4000-8000-0123456789ab',
      clientWaba: { wabaId: '102990000000022' },
    })
  })
})
