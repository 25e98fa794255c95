import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { data, watchBySse, watchByWs } from '../support/clients.ts'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import {
  AcceptSolutionDocument,
  CreateSolutionDocument,
  WatchOnboardingDocument,
} from '../support/operations.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'

describe('who waits for the customers of one solution', () => {
  let gateway: TestGateway
  let control: Control
  let solutionId: string

  beforeAll(async () => {
    gateway = await startTestGateway()
    control = controlOf(gateway.simulator.url)
    const input = {
      appId: socialOverdrive,
      name: 'Awaited',
      partnerAppId: luckyShrub,
      messaging: 'OWNER' as const,
    }
    const { createSolution } = await data(gateway.url, CreateSolutionDocument, { input })
    solutionId = 'solution' in createSolution ? createSolution.solution.solutionId : ''
    await data(gateway.url, AcceptSolutionDocument, { input: { solutionId, appId: luckyShrub } })
  })
  afterAll(() => gateway.close())

  /** The latest calls that read a solution without its name, as nobody here asks for it but the check. */
  const checks = async (): Promise<string[]> => {
    const response = await fetch(`${gateway.simulator.url}/__sim/requests`)
    const { last } = (await response.json()) as { last: object[] }
    return last
      .map((call) => decodeURIComponent(JSON.stringify(call)))
      .filter((text) => /status_for_pending_request/.test(text) && !/\bname\b/.test(text))
  }

  it.each([
    ['WebSocket', watchByWs],
    ['server-sent events', watchBySse],
  ] as const)('is told by %s that there is no such solution', async (_, watch) => {
    const { inbox, stop } = await watch(gateway.url, WatchOnboardingDocument, { solutionId: '1' })
    expect((await inbox.next()).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect(await checks()).not.toEqual([])
    stop()
  })

  it('costs no call when the log speaks of the solution, and sees who comes', async () => {
    await control.forgetRequests()
    const { inbox, stop } = await watchByWs(gateway.url, WatchOnboardingDocument, { solutionId })
    const { waba_id: wabaId } = await control.onboard(solutionId)
    expect((await inbox.next()).data?.clientWabaOnboarded.clientWaba.wabaId).toBe(wabaId)
    expect(await checks()).toEqual([])
    stop()
  })
})
