import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type Json, type World } from '../credit/support/world.ts'
import { graphql } from '../support/graphql.ts'
import { mutate } from '../support/mutate.ts'

// Nobody has told the gateway of the accounts of this world, so each test says who does.
describe('who owns an account', () => {
  let world: World
  let wabaId: string
  let owner: string
  let other: string

  beforeEach(async () => {
    world = await startWorld({ seed: { ownedWabas: 1 } })
    ;[{ wabaId, businessId: owner }, { businessId: other }] = world.wabas as [
      World['wabas'][number],
      World['wabas'][number],
    ]
  })
  afterEach(() => world.close())

  const untold = (...fields: string[]) =>
    world.simulator.faults(
      ...(fields.length > 0 ? fields : ['owner_business', 'ownership_type']).map((field) => ({
        path: '/',
        kind: 'unknownField',
        field,
        nodeType: 'WhatsAppBusinessAccount',
      })),
    )

  const claim = async (appId: string, owner_business_id: string): Promise<void> => {
    const solution_id = world.sim.state().solutions[0]?.id
    const value = {
      event: 'PARTNER_ADDED',
      waba_info: { waba_id: wabaId, owner_business_id, solution_id, partner_app_id: appId },
    }
    const entry = [{ id: owner_business_id, time: 1, changes: [{ field: 'account_update', value }] }]
    const body = { object: 'whatsapp_business_account', entry }
    expect(await world.simulator.webhook(appId, body)).toEqual([200])
  }

  /** What the fields of the account say. */
  const fields = async (id = wabaId): Promise<Json> => {
    const { data, errors } = await graphql(
      world.url,
      `
        query ($id: ID!, $app: ID!) {
          clientWaba(id: $id) {
            ownerBusiness {
              businessId
              name
              verificationStatus
            }
            paymentMethodAttached
            creditAllocation {
              receivingBusiness {
                businessId
                name
              }
            }
            onboarding(appId: $app) {
              steps {
                kind
                state
              }
            }
          }
        }
      `,
      { id, app: luckyShrub },
    )
    const { clientWaba } = data as { clientWaba: Json & { onboarding: { steps: Json[] } } }
    const codes = (errors ?? []).map((error) => [error.path?.slice(1).join('.'), error.extensions?.['code']])
    const steps = Object.fromEntries(
      clientWaba.onboarding.steps.map(({ kind, state }) => [kind as string, state]),
    )
    return { ...clientWaba, steps, codes }
  }
  const subscribe = (id = wabaId) =>
    mutate(
      world.url,
      ['subscribeAppToWaba', 'WabaSubscriptionInput'],
      { wabaId: id, appId: luckyShrub },
      '... on WabaSubscriptionPayload { clientWaba { ownerBusiness { businessId name } } }',
    )
  const share = (id = wabaId) => world.share({ wabaId: id, appId: luckyShrub, method: 'SHARE_THEN_ATTACH' })
  const nameOf = (id: string) => world.sim.state().businesses.find((one) => one.id === id)?.name

  /** What fields say before a line is shared, what verbs answer, and what fields say afterwards. */
  const everything = async () => ({
    before: await fields(),
    subscribed: await subscribe(),
    shared: await share(),
    allocation: (await fields())['creditAllocation'],
  })
  const agreed = (businessId: string) => {
    const business = { businessId, name: nameOf(businessId) }
    return {
      before: {
        ownerBusiness: { ...business, verificationStatus: expect.any(String) as string },
        paymentMethodAttached: expect.any(Boolean) as boolean,
        steps: { BUSINESS_TOKEN: 'DONE' },
        codes: [],
      },
      subscribed: { clientWaba: { ownerBusiness: business } },
      shared: { creditAllocation: { status: 'SHARED' } },
      allocation: { receivingBusiness: business },
    }
  }

  it("is said by the app's own onboarding", async () => {
    await claim(luckyShrub, owner)
    await untold()
    expect(await everything()).toMatchObject(agreed(owner))
  })

  it('is said by Graph when no onboarding was seen', async () => {
    expect(await everything()).toMatchObject(agreed(owner))
  })

  it('is said by what was stored when a line was shared, when Graph says nothing', async () => {
    expect(await share()).toMatchObject({ verified: true })
    await untold()
    expect(await everything()).toMatchObject(agreed(owner))
  })

  it('is not said by what another app was told, while Graph says something', async () => {
    await claim(socialOverdrive, other)
    expect(await everything()).toMatchObject(agreed(owner))
  })

  it('is said by what another app was told when nothing else is known', async () => {
    await claim(socialOverdrive, owner)
    await untold()
    expect(await everything()).toMatchObject(agreed(owner))
  })

  it('is said by nobody: then no field and no verb has a customer', async () => {
    await untold()
    const shown = await fields()
    expect(shown).toMatchObject({
      ownerBusiness: null,
      paymentMethodAttached: null,
      creditAllocation: null,
      codes: [['ownerBusiness', 'TOKEN_INVALID']],
    })
    expect(await subscribe()).toMatchObject({ code: 'TOKEN_INVALID' })
    expect(await share()).toMatchObject({
      code: expect.stringMatching(/TOKEN_INVALID|NOT_PERMITTED/) as string,
    })
  })

  it("is the app's own portfolio: then the system token reads all of it, and no line is shared", async () => {
    const own = world.sim
      .state()
      .accounts.find(({ ownerBusinessId }) => ownerBusinessId === world.app.businessId)
    expect(await fields(own?.id)).toMatchObject({
      ownerBusiness: { businessId: world.app.businessId, name: 'Lucky Shrub' },
      paymentMethodAttached: expect.any(Boolean) as boolean,
      creditAllocation: null,
      steps: { BUSINESS_TOKEN: 'NOT_NEEDED', CREDIT_SHARED: 'NOT_NEEDED' },
      codes: [],
    })
    expect(await subscribe(own?.id)).toMatchObject({ __typename: 'WabaSubscriptionPayload' })
    expect(await share(own?.id)).toMatchObject({ code: 'WRONG_STATE' })
  })

  it("is the app's own portfolio when Graph says that much, and names no owner", async () => {
    const own = world.sim
      .state()
      .accounts.find(({ ownerBusinessId }) => ownerBusinessId === world.app.businessId)
    await untold('owner_business')
    expect(await fields(own?.id)).toMatchObject({
      ownerBusiness: { businessId: world.app.businessId, name: 'Lucky Shrub' },
      codes: [],
    })
  })
})
