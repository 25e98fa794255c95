import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchApp } from '../support/app.ts'
import { startChild } from '../support/child.ts'
import { apiKey, startGateway } from '../support/gateway.ts'
import { postAll } from '../support/post-all.ts'
import { createStore } from '../support/store.ts'
import { createSolutionWebhook, printRequest } from '../support/webhook.ts'
import { startWorld } from './world.ts'

const readers = 1_000
/** Time for calls that come after the items. */
const lateMs = 500
const aSecondMs = 1_000
const patienceMs = 20_000

/** What one webhook costs when a thousand subscribers ask for the solution that it is about. */
export async function subscribersOfOne(): Promise<string[]> {
  const name = `${readers.toLocaleString('en')} subscribers to one solution and its partners, one webhook`
  console.error(`  ${name}`)
  const [cold] = await measure([])
  const [findingOut, known] = await measure(['partners'])
  return [name, cold, findingOut, known, '-', '-', '-', '-', '-']
}

/** Of the first webhook, and of the next. */
async function measure(refused: readonly string[]): Promise<readonly [string, string]> {
  await using world = await startWorld()
  using store = createStore()
  await using gateway = await startGateway({
    databasePath: store.path,
    graphUrl: world.url,
    app: world.app,
  })
  const solutionId = world.solutionIds[0] ?? ''
  const query = `subscription { events(filter: { solutionId: "${solutionId}" }) { ... on SolutionEvent {
    solution { name status partners(first: 5) { edges { node { partnerId status } } } } } } }`
  await using crowd = await startChild('bench/support/servers/ws-readers.ts', {
    TARGET: gateway.url,
    READERS: String(readers),
    API_KEY: apiKey,
    QUERY: query,
    NEEDLE: '"solution"',
  })
  await world.refuse(refused)
  const once = async (): Promise<string> => {
    let last = ''
    const count = await world.count(async () => {
      const seen = ask(`${crowd.url}/${readers}`)
      await tell(gateway.url, world.app, solutionId)
      last = await seen
      await sleep(lateMs)
    })
    return last.includes('"partnerId"') && !last.includes('"errors"') ? String(count) : `${count}, fails`
  }
  const first = await once()
  // Two of one second would be one and its repeat.
  await sleep(aSecondMs)
  return [first, await once()]
}

/** What the last subscriber got; nothing when not all of them got something in time. */
async function ask(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch(() => null)
  return answer ? await answer.text() : ''
}

async function tell(url: string, app: BenchApp, solutionId: string): Promise<void> {
  await postAll(url, [printRequest(createSolutionWebhook(app, solutionId), app)], 1)
}
