import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTabs } from '../../../src/http/tabs.ts'
import { startBeside, type Beside } from '../../support/beside.ts'
import { controlOf, type Control } from '../../support/control.ts'
import { startTestGateway, type TestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'
import { startMetaOfToday, type MetaOfToday } from '../../support/meta-of-today.ts'
import { steps } from '../partners-story/steps.ts'

const luckyShrub = '21202248997039'
const socialOverdrive = '637576208107267'

let sandbox: TestGateway
let control: Control
let meta: MetaOfToday
let gateway: Beside

/** A gateway that looks every second, with all that Meta has ended between it and Graph. */
async function start(): Promise<void> {
  sandbox = await startTestGateway()
  control = controlOf(sandbox.simulator.url)
  meta = await startMetaOfToday(sandbox.simulator.url)
  gateway = await startBeside(sandbox, { graphUrl: meta.url, reconcileSeconds: 1, logLevel: 'warn' })
}

async function stop(): Promise<void> {
  await gateway[Symbol.asyncDispose]()
  await meta[Symbol.asyncDispose]()
  await sandbox.close()
}

it('what stands between sees what has ended, alone and in batches', async () => {
  await start()
  const { systemToken } = sandbox.config.apps[0]
  const headers = { authorization: `Bearer ${systemToken}`, 'if-none-match': '"x"' }
  const alone = await fetch(`${meta.url}/v25.0/?ids=${luckyShrub}&debug=all`, { headers })
  const batch = JSON.stringify([
    { method: 'GET', relative_url: `?ids=${luckyShrub}` },
    { method: 'GET', relative_url: `${luckyShrub}?fields=name.as(n)` },
    { method: 'GET', relative_url: `${luckyShrub}?fields=name` },
  ])
  const together = await fetch(`${meta.url}/`, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ batch }),
  })
  expect(alone.status).toBe(500)
  expect(await together.json()).toMatchObject([{ code: 500 }, { code: 400 }, { code: 200 }])
  expect(meta.ended).toEqual(['ids', 'debug', 'etag', 'etag', 'ids', 'alias'])
  await stop()
})

describe('with Meta as it is today, the story of the tabs', () => {
  const tabs = new Map(readTabs().map((tab) => [tab.name.replace(/^\d+-/, ''), tab]))

  beforeAll(async () => {
    await start()
    await control.play('callbacks', { url: gateway.url })
  })
  afterAll(stop)

  it.each(steps)('%s answers with %s', async (name, expected) => {
    const { query, variables } = tabs.get(name) ?? { query: '' }
    const answer =
      name === 'onboard'
        ? await control.onboard('795000033057731')
        : await graphql(gateway.url, query, JSON.parse(variables ?? '{}') as object)
    expect(JSON.stringify(answer)).toContain(expected)
    expect(answer).not.toHaveProperty('errors')
    expect(JSON.stringify(answer)).not.toContain('Problem')
  })

  it('uses nothing that has ended', () => {
    expect(meta.items).toBeGreaterThan(0)
    expect(meta.ended).toEqual([])
  })
})

describe('with Meta as it is today, a comparison with Graph', () => {
  beforeAll(start)
  afterAll(stop)

  const events = async (): Promise<readonly Record<string, unknown>[]> => {
    const query = `{ events(last: 10, filter: { sources: [RECONCILED], appId: "${luckyShrub}" }) { edges { node {
      ... on ClientWabaEvent { kind wabaId solutionId ownerBusinessId } } } } }`
    const { data } = await graphql(gateway.url, query)
    return (data as { events: { edges: { node: Record<string, unknown> }[] } }).events.edges.map(
      ({ node }) => node,
    )
  }
  const metric = async (part: string): Promise<string> => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text()
    const counted = text.split('\n').filter((line) => line.startsWith('mps_reconcile_unread_total{'))
    return counted.filter((line) => line.includes(`part="${part}"`)).join('\n')
  }
  const looked = async (): Promise<void> => {
    await control.forgetRequests()
    const route = 'GET /{business}/client_whatsapp_business_accounts'
    await expect.poll(async () => (await control.requests()).byRoute[route]).toBeGreaterThan(4)
  }

  it('finds the arrivals of which no webhook came, with owner and solution behind each', async () => {
    const owner = sandbox.config.apps.find(({ appId }) => appId === socialOverdrive)
    const invite = { appId: owner?.appId, partnerAppId: luckyShrub, name: 'Found late', messaging: 'PARTNER' }
    const created = await graphql(
      gateway.url,
      `
        mutation ($input: CreateSolutionInput!) {
          createSolution(input: $input) {
            ... on CreateSolutionPayload {
              solution {
                solutionId
              }
            }
          }
        }
      `,
      { input: invite },
    )
    const { solutionId } = (created.data as { createSolution: { solution: { solutionId: string } } })
      .createSolution.solution
    await graphql(
      gateway.url,
      `mutation { acceptSolution(input: { appId: "${luckyShrub}", solutionId: "${solutionId}" }) { __typename } }`,
    )
    await looked()
    const arrivals = [await control.onboard(solutionId), await control.onboard(solutionId)]
    await expect.poll(async () => (await events()).length).toBe(2)
    expect(await events()).toEqual(
      arrivals.map(({ waba_id: wabaId, business_id: ownerBusinessId }) => ({
        kind: 'CLIENT_WABA_ONBOARDED',
        wabaId,
        solutionId,
        ownerBusinessId,
      })),
    )
    expect(meta.ended).toEqual([])
    expect(await metric('origins')).toBe('')
  })

  it('says in its log and metrics what Graph refuses to be asked', async () => {
    await control.faults({ kind: 'error', path: 'client_whatsapp_business_accounts', code: 10, status: 403 })
    await expect.poll(() => metric('accounts')).toMatch(/app_id="21202248997039".* [1-9]/)
    await expect
      .poll(() => gateway.logLines.map((line) => JSON.parse(line) as unknown))
      .toContainEqual(
        expect.objectContaining({
          level: 40,
          type: 'UNREADABLE',
          appId: luckyShrub,
          part: 'accounts',
          kind: 'permission',
          code: 10,
        }),
      )
    const said = gateway.logLines.filter((line) => line.includes('"accounts"') && line.includes(luckyShrub))
    await looked()
    expect(said).toHaveLength(1)
  })
})
