import { data, watchBySse } from '../../support/clients.ts'
import type { Control } from '../../support/control.ts'
import {
  AcceptSolutionDocument,
  CreateSolutionDocument,
  WatchOnboardingDocument,
} from '../../support/operations.ts'

export const luckyShrub = '21202248997039'
export const socialOverdrive = '637576208107267'

/** A customer comes through a new solution of both partners, and the gateway has been told. Gives the account. */
export async function arrive(url: string, control: Control): Promise<string> {
  const { createSolution } = await data(url, CreateSolutionDocument, {
    input: { appId: socialOverdrive, name: 'Onboarding', partnerAppId: luckyShrub, messaging: 'OWNER' },
  })
  const { solutionId } = (createSolution as { solution: { solutionId: string } }).solution
  await data(url, AcceptSolutionDocument, { input: { solutionId, appId: luckyShrub } })
  const arrivals = await watchBySse(url, WatchOnboardingDocument, { appId: socialOverdrive })
  const { waba_id: wabaId } = await control.onboard(solutionId)
  const { data: arrived } = await arrivals.inbox.next()
  arrivals.stop()
  if (arrived?.clientWabaOnboarded.clientWaba.wabaId !== wabaId) throw new Error('Another one came')
  return wabaId
}
