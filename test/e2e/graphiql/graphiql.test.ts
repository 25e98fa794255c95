import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphiqlOn, openLonelyPage, whySkipped, type LonelyPage } from '../../support/browser.ts'
import { data } from '../../support/clients.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { CreateSolutionDocument } from '../../support/operations.ts'

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
    await expect.poll(streams, { timeout: 10_000 }).toMatch(/mps_streams\{transport="sse"\} 1/)
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

  it('was sent nowhere else, and nothing complained', () => {
    expect(lonely.strangers).toEqual([])
    expect(lonely.trouble).toEqual([])
  })
})
