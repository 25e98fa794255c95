import { expect, it, onTestFinished } from 'vitest'
import { Play, luckyShrub } from './support/play.ts'

it('a step that two take at once is sent once, and the second is told how the solution stands', async () => {
  const play = await Play.begin()
  onTestFinished(() => play.close())
  const solutionId = await play.solution('Together', false)
  await play.control.faults({ method: 'POST', path: '/accept', kind: 'latency', ms: 300 })
  await play.control.forgetRequests()
  const accept = () => play.mutate('acceptSolution', { solutionId, appId: luckyShrub })
  const both = await Promise.all([accept(), accept()])
  expect(both.map(({ __typename }) => __typename).toSorted()).toEqual([
    'SolutionActionPayload',
    'WrongStateProblem',
  ])
  expect((await play.control.requests()).byRoute['POST /{solution}/accept']).toBe(1)
})
