import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphiqlOn, openLonelyPage, whySkipped, type LonelyPage } from '../../support/browser.ts'
import { data } from '../../support/clients.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { controlOf } from '../../support/control.ts'
import { graphql } from '../../support/graphql.ts'
import {
  AcceptSolutionDocument,
  CreateSolutionDocument,
  OnboardClientWabaDocument,
} from '../../support/operations.ts'

describe.skipIf(whySkipped !== '')(`somebody opens GraphiQL after npm start${whySkipped}`, () => {
  let gateway: TestGateway
  let lonely: LonelyPage
  let hands: ReturnType<typeof graphiqlOn>

  beforeAll(async () => {
    gateway = await startTestGateway()
    lonely = await openLonelyPage(gateway.url)
    hands = graphiqlOn(lonely.page)
  })
  afterAll(async () => {
    await lonely?.close()
    await gateway?.close()
  })

  it('is led from the bare address to the page, with a tab for each step', async () => {
    await lonely.page.goto(gateway.url)
    await hands.editorShows(/Both\spartners/)
    expect(lonely.page.url()).toBe(`${gateway.url}/graphql`)
    expect(await hands.tabs().allInnerTexts()).toEqual([
      'Apps',
      'WatchSolutions',
      'CreateSolution',
      'Solution',
      'AcceptSolution',
      'EmbeddedSignup',
      'WatchOnboarding',
      'ClientWabas',
      'OnboardingChecklist',
      'OnboardingProgress',
      'OnboardClientWaba',
      'CreditLines',
      'ShareCreditLine',
      'CreditAllocation',
      'RevokeCreditAllocation',
      'RequestDeactivation',
      'RejectDeactivation',
      'AcceptDeactivation',
      'RejectSolution',
      'Events',
      'WatchEvents',
    ])
  })

  it('runs the first query', async () => {
    expect(await hands.run(/Social.Overdrive/)).toContain('Lucky')
    await hands.screenshot('gateway-query')
  })

  it('watches a subscription and sees an event when it happens', async () => {
    await hands.openTab('WatchSolutions')
    await hands.editorShows(/subscription\sWatchSolutions/)
    const watching = hands.run(/INITIATED/)
    const streams = async (): Promise<string> => (await fetch(`${gateway.url}/metrics`)).text()
    await expect.poll(streams).toMatch(/mps_streams\{transport="sse"\} 1/)
    await data(gateway.url, CreateSolutionDocument, {
      input: {
        appId: '637576208107267',
        name: 'Seen in a browser',
        partnerAppId: '21202248997039',
        messaging: 'OWNER',
      },
    })
    expect((await watching).replaceAll('\u00a0', ' ')).toContain('Seen in a browser')
    await hands.screenshot('gateway-subscription')
  })

  it('watches the checklist of a customer while it is onboarded', async () => {
    const [solution] = gateway.simulator.state().solutions
    const accept = { solutionId: solution?.id ?? '', appId: '21202248997039' }
    await data(gateway.url, AcceptSolutionDocument, { input: accept })
    const { waba_id: wabaId } = await controlOf(gateway.simulator.url).onboard(accept.solutionId)
    const query = `{ events(filter: { wabaId: "${wabaId}" }) { edges { node { kind } } } }`
    const events = async (): Promise<string> => JSON.stringify(await graphql(gateway.url, query))
    await expect.poll(events).toContain('CLIENT_WABA_ONBOARDED')
    // A card of the customer's: without anything that pays nothing is complete.
    await controlOf(gateway.simulator.url).play('wabas', { id: wabaId, payment_method: true })
    await hands.openTab('OnboardingProgress')
    await hands.editorShows(/subscription\sOnboardingProgress/)
    await hands.run(/WEBHOOKS_SUBSCRIBED/)
    await hands.screenshot('checklist-before')
    await data(gateway.url, OnboardClientWabaDocument, {
      input: { wabaId, appId: '637576208107267', pin: '271828' },
    })
    await hands.answerShows(/"complete":\strue/)
    await hands.screenshot('checklist-after')
  })

  it('was sent nowhere else, and nothing complained', () => {
    expect(lonely.strangers).toEqual([])
    expect(lonely.trouble).toEqual([])
  })
})
