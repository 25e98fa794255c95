import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox, type Sandbox } from '../../../src/cli/sandbox.ts'
import { readConfig } from '../../../src/config/config.ts'
import { readTabs } from '../../../src/http/tabs.ts'
import { steps } from './steps.ts'

const tabs = new Map(readTabs().map((tab) => [tab.name.replace(/^\d+-/, ''), tab]))

// What somebody does who opens GraphiQL after `npm start`: one tab after the other, as they are.
describe('the tabs of GraphiQL, run as they stand', () => {
  let sandbox: Sandbox

  beforeAll(async () => {
    sandbox = await startSandbox({ ...readConfig({}), port: 0, logLevel: 'silent' }, 0, false)
  })
  afterAll(() => sandbox.close())

  const run = async (name: string): Promise<string> => {
    const { query, variables } = tabs.get(name) ?? { query: '' }
    const response = await fetch(`${sandbox.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables: JSON.parse(variables ?? '{}') as unknown }),
    })
    return response.text()
  }
  const onboard = (): Promise<Response> =>
    fetch(`${sandbox.simulatorUrl}/__sim/onboard`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ solution_id: '795000033057731' }),
    })

  it.each(steps)('%s answers with %s', async (name, expected) => {
    const answer = name === 'onboard' ? await (await onboard()).text() : await run(name)
    expect(answer).toContain(expected)
    expect(JSON.parse(answer)).not.toHaveProperty('errors')
    expect(answer).not.toContain('Problem')
  })

  it('are all of them either run here or subscriptions', () => {
    const subscriptions = [...tabs]
      .filter(([, { query }]) => /^subscription /m.test(query))
      .map(([name]) => name)
    expect(subscriptions).toEqual(['WatchSolutions', 'WatchOnboarding', 'OnboardingProgress', 'WatchEvents'])
    expect(tabs.size).toBe(17 + subscriptions.length)
  })
})
