import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Play, type Json } from '../writes/support/play.ts'
import { verbs } from '../writes/support/verbs.ts'
import { nameOf, type Route, type Verb } from '../writes/support/verbs/verb.ts'

let play: Play
beforeEach(async () => {
  play = await Play.begin({ wired: true })
})
afterEach(() => play.close())

const cases = verbs.flatMap((verb) =>
  verb.routes.map((route): [string, Verb, Route] => [`${nameOf(verb)} at ${route.name}`, verb, route]),
)

/** All that an answer says of problems, also those of its steps. */
const codesIn = (answer: Json): readonly string[] =>
  [...JSON.stringify(answer).matchAll(/"code":"(\w+)"/g)].map(([, code = '']) => code)

describe.each([false, 'false'])('a write that Graph answers with {"success": %j} and 200', (success) => {
  it.each(cases)('was refused, and works when it is sent again at once: %s', async (_, verb, route) => {
    const input = await verb.prepare(play)
    const { method, path } = route
    await play.control.faults({ method, path, kind: 'error', status: 200, body: { success }, times: 1 })
    expect(codesIn(await play.mutate(verb.field, await input(0)))).toEqual(['UPSTREAM_REFUSED'])
    const done = codesIn(await play.mutate(verb.field, await input(0)))
    // Graph has the first part of it from before.
    expect(done.filter((code) => !verb.again?.includes(code))).toEqual([])
    expect(done).not.toContain('OUTCOME_UNKNOWN')
  })
})

it('is told as retryable, and waits for whoever asked', async () => {
  const solutionId = await play.solution('Together', false)
  await play.control.faults({
    path: '/accept',
    kind: 'error',
    status: 200,
    body: { success: false },
    times: 1,
  })
  const query = `mutation ($s: ID!) { acceptSolution(input: { solutionId: $s, appId: "21202248997039" }) {
    __typename ... on Problem { code message retryable retryAfterSeconds waitsFor graphCode } } }`
  const { acceptSolution } = await play.ask(query, { s: solutionId })
  expect(acceptSolution).toEqual({
    __typename: 'GraphApiProblem',
    code: 'UPSTREAM_REFUSED',
    message: expect.stringContaining('"success": false') as string,
    retryable: true,
    retryAfterSeconds: null,
    waitsFor: 'US',
    graphCode: null,
  })
})
