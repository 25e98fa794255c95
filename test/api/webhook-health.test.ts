import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlOf, type Control } from '../support/control.ts'
import { startTestGateway, type TestGateway } from '../support/gateway.ts'
import { graphql } from '../support/graphql.ts'
import { programOf } from '../support/programs.ts'
import { root } from '../support/repository.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const luckyShrub = '21202248997039'

describe('what could not be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mps-health-'))
  const databaseUrl = `file:${join(folder, 'gateway.db')}`
  let gateway: TestGateway
  let simulator: Control

  beforeAll(async () => {
    gateway = await startTestGateway({ databaseUrl })
    simulator = controlOf(gateway.simulator.url)
  })
  afterAll(async () => {
    await gateway.close()
    rmSync(folder, { recursive: true })
  })

  const health = async () => {
    const query = `{ app(id: "${luckyShrub}") { webhookHealth { lastReceivedAt receivedLastHour duplicatesLastHour deadLetters lag { lastSeconds medianSeconds largestSeconds } missingFields recommendedFields } } }`
    const { data } = await graphql(gateway.url, query)
    return (data as { app: { webhookHealth: Record<string, unknown> } }).app.webhookHealth
  }
  const replay = async (...words: string[]): Promise<string> => {
    const env = { ...process.env, DATABASE_URL: databaseUrl }
    return (await run(process.execPath, [programOf('mps-gateway'), 'replay', ...words], { cwd: root, env }))
      .stdout
  }
  const long = expect.toSatisfy((seconds: number) => seconds > 50_000_000, 'is years') as number
  const post = (status: string) => ({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '506914307656634',
        time: 1_700_000_000,
        changes: [
          {
            field: 'partner_solutions',
            value: { event: 'SOLUTION_UPDATED', solution_id: '7', solution_status: status },
          },
        ],
      },
      'not an entry',
    ],
  })

  it('is nothing as long as nothing came', async () => {
    expect(await health()).toEqual({
      lastReceivedAt: null,
      receivedLastHour: 0,
      duplicatesLastHour: 0,
      deadLetters: 0,
      lag: null,
      missingFields: null,
      recommendedFields: null,
    })
  })

  it('shows in webhookHealth beside what was received and repeated, and its neighbours are kept', async () => {
    expect(await simulator.webhook(luckyShrub, post('ACTIVE'), { duplicate: 1 })).toEqual([200, 200])
    expect(await health()).toEqual({
      lastReceivedAt: expect.any(String) as string,
      receivedLastHour: 4,
      duplicatesLastHour: 2,
      deadLetters: 1,
      // Meta's time of it is of the year 2023.
      lag: { lastSeconds: long, medianSeconds: long, largestSeconds: long },
      missingFields: null,
      recommendedFields: null,
    })
  })

  it('is listed with its size, and waits no longer once `mps-gateway replay` has looked at it', async () => {
    expect(await replay('list')).toMatch(
      /^1\twaiting\t.*app 21202248997039\t14 bytes\tentry is not an object/,
    )
    const shown = await replay('show', '1')
    expect(shown).toContain('nothing of it was stored: 14 bytes that nobody could read')
    expect(shown).not.toContain('not an entry')
    expect(await replay('drive', 'all')).toBe('1\thandled: nothing of it was stored\n')
    expect(await replay('show', '1')).toMatch(/re-driven .*Z: nothing of it was stored/)
    expect((await health())['deadLetters']).toBe(0)
    await expect(replay('nonsense')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('replay list') as string,
    })
  })
  it.each([
    ['show', 'abc'],
    ['drive', '999'],
  ])('is said not to be there by `replay %s %s`', async (verb, which) => {
    await expect(replay(verb, which)).rejects.toMatchObject({
      code: 1,
      stdout: `There is no dead letter "${which}".\n`,
    })
  })

  it('is looked for in a store that is there: `replay` makes none', async () => {
    const nowhere = join(folder, 'not', 'there.db')
    const env = { ...process.env, DATABASE_URL: `file:${nowhere}` }
    await expect(
      run(process.execPath, [programOf('mps-gateway'), 'replay', 'list'], { cwd: root, env }),
    ).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no such file') as string,
    })
    expect(existsSync(join(folder, 'not'))).toBe(false)
  })
})

describe('the webhooks of an account', () => {
  it('show in its own health: when the last came, how many, repeats, and how late they were', async () => {
    await using gateway = await startTestGateway()
    const simulator = controlOf(gateway.simulator.url)
    await simulator.reset({ solutions: 1 })
    const { waba_id: id } = await simulator.onboard(gateway.simulator.state().solutions[0]?.id ?? '')
    const ask = async () => {
      const lag = 'lag { lastSeconds medianSeconds largestSeconds }'
      const query = `{ clientWaba(id: "${id}") { webhookHealth { lastReceivedAt receivedLastHour duplicatesLastHour ${lag} } } }`
      const { data } = await graphql(gateway.url, query)
      return (data as { clientWaba: { webhookHealth: Record<string, unknown> } }).clientWaba.webhookHealth
    }
    // The customer has shared the account.
    await until(async () => (await ask())['receivedLastHour'] === 1)
    expect(await ask()).toMatchObject({
      duplicatesLastHour: 0,
      lag: { largestSeconds: expect.any(Number) as number },
    })
    const time = Math.floor(Date.now() / 1000) - 5_000
    const change = { field: 'account_review_update', value: { decision: 'APPROVED' } }
    const post = { object: 'whatsapp_business_account', entry: [{ id, time, changes: [change] }] }
    await simulator.webhook(luckyShrub, post, { duplicate: 1 })
    const aboutThen = expect.toSatisfy((seconds: number) => seconds >= 5_000 && seconds < 5_500, 'is 5,000')
    expect(await ask()).toMatchObject({
      lastReceivedAt: expect.any(String) as string,
      receivedLastHour: 3,
      duplicatesLastHour: 1,
      lag: { lastSeconds: aboutThen, largestSeconds: aboutThen },
    })
  })
})

describe('the fields that an app is not subscribed to', () => {
  it('are told apart: those that the gateway needs, and those that it recommends', async () => {
    await using gateway = await startTestGateway({ reconcileSeconds: 1 })
    const [{ appId, appSecrets }] = gateway.config.apps
    const fields = async (): Promise<unknown> => {
      const query = `{ app(id: "${appId}") { webhookHealth { missingFields recommendedFields } } }`
      const { data } = await graphql(gateway.url, query)
      return (data as { app: { webhookHealth: unknown } }).app.webhookHealth
    }
    const is = (missingFields: string[], recommendedFields: string[]) =>
      until(
        async () => JSON.stringify(await fields()) === JSON.stringify({ missingFields, recommendedFields }),
      )
    await is([], [])
    const url = `${gateway.simulator.url}/${appId}/subscriptions?fields=security,partner_solutions`
    const authorization = `Bearer ${appId}|${appSecrets[0]}`
    expect((await fetch(url, { method: 'DELETE', headers: { authorization } })).status).toBe(200)
    await is(['partner_solutions'], ['security'])
  })
})
