import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { data, watchByWs } from '../support/clients.ts'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import {
  AcceptDeactivationDocument,
  AcceptSolutionDocument,
  CreateSolutionDocument,
  EventsDocument,
  RequestDeactivationDocument,
  SolutionDocument,
  WatchSolutionsDocument,
} from '../support/operations.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'

describe('webhooks in any order', () => {
  let gateway: TestGateway
  let simulator: Control
  let solutionId: string

  beforeAll(async () => {
    gateway = await startTestGateway()
    simulator = controlOf(gateway.simulator.url)
    const input = {
      appId: socialOverdrive,
      name: 'Ends for good',
      partnerAppId: luckyShrub,
      messaging: 'OWNER' as const,
    }
    const { createSolution } = await data(gateway.url, CreateSolutionDocument, { input })
    solutionId = 'solution' in createSolution ? createSolution.solution.solutionId : ''
    await data(gateway.url, AcceptSolutionDocument, { input: { solutionId, appId: luckyShrub } })
    await data(gateway.url, RequestDeactivationDocument, { input: { solutionId, appId: socialOverdrive } })
    await data(gateway.url, AcceptDeactivationDocument, { input: { solutionId, appId: luckyShrub } })
  })
  afterAll(() => gateway.close())

  const webhook = (time: number, status: string) => ({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '506914307656634',
        time,
        changes: [
          {
            field: 'partner_solutions',
            value: { event: 'SOLUTION_UPDATED', solution_id: solutionId, solution_status: status },
          },
        ],
      },
    ],
  })
  const history = [
    'INITIATED',
    'ACTIVE',
    'PENDING_DEACTIVATION',
    'ACTIVE',
    'PENDING_DEACTIVATION',
    'DEACTIVATED',
  ]
  const stored = async (): Promise<number> => {
    const filter = { appId: luckyShrub, solutionId, sources: ['WEBHOOK' as const] }
    const { events } = await data(gateway.url, EventsDocument, { filter, first: 100, after: start })
    return events?.edges.length ?? 0
  }
  let start: string | null = null

  it('repeated or not, leave the solution in the one state that it is in, and each is kept once', async () => {
    let round = 1_000_000
    const order = fc.shuffledSubarray([...history.keys(), ...history.keys()], { minLength: history.length })
    await fc.assert(
      fc.asyncProperty(order, async (indices) => {
        const base = (round += 1_000)
        const { events } = await data(gateway.url, EventsDocument, { first: 100, after: start })
        start = events?.pageInfo.endCursor ?? start
        const watch = await watchByWs(gateway.url, WatchSolutionsDocument, { solutionId, appId: luckyShrub })
        for (const index of indices) {
          const body = webhook(base + index, history[index] ?? '')
          expect(await simulator.webhook(luckyShrub, body)).toEqual([200])
        }
        const { solution } = await data(gateway.url, SolutionDocument, { id: solutionId })
        expect(solution?.status).toBe('DEACTIVATED')
        expect(await stored()).toBe(new Set(indices).size)
        const statuses = watch.inbox.seen.map((result) => result.data?.solutionStatusChanged.status)
        expect(new Set(statuses)).toEqual(new Set(['DEACTIVATED']))
        watch.stop()
      }),
      { numRuns: 15 },
    )
  })
})
