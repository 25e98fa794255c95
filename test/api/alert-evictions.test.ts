import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'

const appId = '21202248997039'

/** An account that the app is subscribed to, as its business token does it. */
async function subscribedAccount({ simulator }: TestGateway, control: Control) {
  const { waba_id, business_id, phone_number_ids } = await control.play<{
    waba_id: string
    business_id: string
    phone_number_ids: string[]
  }>('onboard', { app_id: appId })
  const own = simulator
    .state()
    .tokens.find(({ businessId, appId: app }) => businessId === business_id && app === appId)
  const headers = { authorization: `Bearer ${own?.token}` }
  const answer = await fetch(`${simulator.url}/${waba_id}/subscribed_apps`, { method: 'POST', headers })
  expect(answer.status).toBe(200)
  return { wabaId: waba_id, phoneId: phone_number_ids[0] ?? '' }
}

describe('an alert', () => {
  let gateway: TestGateway
  let control: Control
  let account: Awaited<ReturnType<typeof subscribedAccount>>
  beforeAll(async () => {
    gateway = await startTestGateway()
    control = controlOf(gateway.simulator.url)
    account = await subscribedAccount(gateway, control)
  })
  afterAll(() => gateway.close())

  const ofAccount = 'wabaId accountReviewStatus phoneNumbers(first: 5) { edges { node { newNameStatus } } }'

  async function read() {
    const query = `{ clientWaba(id: "${account.wabaId}") { ${ofAccount} } }`
    const { data, extensions } = (await graphql(gateway.url, query)) as {
      data?: Record<string, unknown> | null
      extensions?: { graph: { requests: number } }
    }
    return { text: JSON.stringify(data), requests: extensions?.graph.requests }
  }

  const told = async (): Promise<number> => {
    const query = `{ events(last: 100, filter: { kinds: [ACCOUNT_ALERT] }) { edges { cursor } } }`
    const { data } = await graphql(gateway.url, query)
    return (data as { events: { edges: unknown[] } }).events.edges.length
  }

  async function arrives(play: () => Promise<unknown>): Promise<void> {
    const before = await told()
    await play()
    await expect.poll(told).toBe(before + 1)
  }

  const remembered = async (): Promise<void> => {
    await read()
    expect((await read()).requests).toBe(0)
  }

  it('of a review is followed by reading the account again', async () => {
    await remembered()
    await arrives(() => control.play('wabas', { id: account.wabaId, account_review_status: 'REJECTED' }))
    expect((await read()).text).toContain('"accountReviewStatus":"REJECTED"')
  })

  it('of a name, which names the number by its digits, is followed by reading the number again', async () => {
    await remembered()
    const change = { new_display_name: 'Best Shop', new_name_status: 'DECLINED' }
    await arrives(() => control.play('phones', { id: account.phoneId, ...change }))
    expect((await read()).text).toContain('"newNameStatus":"DECLINED"')
    const one = await graphql(
      gateway.url,
      `
        {
          events(last: 1) {
            edges {
              node {
                ... on AccountAlertEvent {
                  wabaId
                  code
                  nameReview {
                    requestedName
                    rejectionReason
                  }
                  clientWaba {
                    accountReviewStatus
                  }
                  phoneNumber {
                    phoneNumberId
                    newNameStatus
                  }
                }
              }
            }
          }
        }
      `,
    )
    expect(one.data).toEqual({
      events: {
        edges: [
          {
            node: {
              wabaId: account.wabaId,
              code: 'REJECTED',
              nameReview: { requestedName: 'Best Shop', rejectionReason: 'NAME_NOT_CONSISTENT' },
              clientWaba: { accountReviewStatus: 'REJECTED' },
              phoneNumber: { phoneNumberId: account.phoneId, newNameStatus: 'DECLINED' },
            },
          },
        ],
      },
    })
  })

  it('of a template makes nobody read anything', async () => {
    await remembered()
    const paused = { field: 'message_template_status_update', event: 'PAUSED' }
    await arrives(() => control.play('alerts', { waba_id: account.wabaId, ...paused }))
    expect((await read()).requests).toBe(0)
  })
})
