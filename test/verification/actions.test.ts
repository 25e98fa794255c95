import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { luckyShrub, startWorld, type World } from '../onboarding/support/world.ts'
import { mutate } from '../support/mutate.ts'

const verb = ['submitBusinessVerification', 'BusinessVerificationInput'] as const

describe('whether a customer’s documents may be submitted', () => {
  let world: World
  let wabaId: string
  let businessId: string

  beforeEach(async () => {
    world = await startWorld()
    ;({ waba_id: wabaId, business_id: businessId } = await world.arrive())
    // The decision comes as a webhook of the account.
    await world.mutate('subscribeAppToWaba', { wabaId, appId: luckyShrub }, '')
  })
  afterEach(() => world.close())

  const state = async (): Promise<object> => {
    const { app } = (await world.ask(
      `query ($id: ID!) { app(id: $id) { clientWabas { edges { node { wabaId ownerBusiness {
        actions { action appId available reason } } } } } } }`,
      { id: luckyShrub },
    )) as {
      app: { clientWabas: { edges: { node: { wabaId: string; ownerBusiness: { actions: [object] } } }[] } }
    }
    const row = app.clientWabas.edges.find(({ node }) => node.wabaId === wabaId)
    return row?.node.ownerBusiness.actions[0] ?? {}
  }
  const submit = async () => {
    const body = Buffer.from(`%PDF-1.7 ${Math.random()}`)
    const answer = await fetch(`${world.gateway.url}/documents?filename=papers.pdf`, {
      method: 'POST',
      body,
      headers: { 'x-mps-csrf': '1' },
    })
    const { documentId } = (await answer.json()) as { documentId: string }
    return mutate(world.gateway.url, verb, { businessId, appId: luckyShrub, documentIds: [documentId] }, '')
  }
  const decide = (status: string) =>
    world.simulator.play('verify', { business_id: businessId, status, rejection_reasons: [] })

  it('follows what became of the attempts', async () => {
    expect(await state()).toEqual({
      action: 'SUBMIT_VERIFICATION',
      appId: luckyShrub,
      available: true,
      reason: null,
    })
    for (let attempt = 0; attempt < 3; attempt++) {
      await submit()
      expect(await state()).toMatchObject({
        available: false,
        reason: expect.stringContaining('under review') as string,
      })
      await decide('FAILED')
    }
    expect(await state()).toMatchObject({
      available: false,
      reason: expect.stringContaining('three attempts') as string,
    })
  })

  it('is no longer when the business is verified', async () => {
    await submit()
    await decide('APPROVED')
    expect(await state()).toMatchObject({
      available: false,
      reason: expect.stringContaining('verified') as string,
    })
  })

  it('is not for an app to which Graph shows no attempts', async () => {
    const path = 'self_certified_whatsapp_business_submissions'
    await world.simulator.faults({ method: 'GET', path, kind: 'error', code: 200 })
    expect(await state()).toMatchObject({
      available: false,
      reason: expect.stringContaining('code 200') as string,
    })
  })
})
