import { createNaive } from './calls/naive.ts'
import { startMesh, type Mesh } from './calls/mesh.ts'
import { questions, type Question } from './calls/questions.ts'
import { subscribersOfOne } from './calls/subscribers.ts'
import { forget, listen, onboardCustomers, startWorld, type World } from './calls/world.ts'
import type { Child } from './support/child.ts'
import { apiKey, startGateway } from './support/gateway.ts'
import type { Options } from './support/options.ts'
import { printCells } from './support/print.ts'
import { createStore } from './support/store.ts'

const titles = [
  'HTTP requests',
  'cold',
  'finding out',
  'refused',
  'warm',
  'naive',
  'naive, again',
  'Mesh',
  'Mesh, again',
]
const unmeasured = 'not measured'

type Ask = (query: string) => Promise<unknown>
type Pair = readonly [string, string]

/** HTTP requests that a query costs at Graph: this gateway, a server without care, and Mesh over Meta's file. */
export async function calls({ mesh, openapi }: Options): Promise<void> {
  const lines: string[][] = []
  let versions = 'Mesh: not measured, name it with --mesh DIR --openapi FILE'
  for (const question of questions) {
    console.error(`  ${question.name}`)
    lines.push(await measure(question, mesh, openapi, (found) => (versions = found)))
  }
  lines.push(await subscribersOfOne())
  printCells([titles, ...lines])
  console.log(`
cold: by a gateway that has just started; finding out: the same where Graph refuses nested partners, solutions or
phone numbers, and the gateway does not know yet; refused: once it does, of objects that it knows nothing of; warm and
again: asked again at once. -: there is no way to ask, or nothing to refuse. fails: what came back had errors.
${versions}`)
}

async function measure(
  question: Question,
  folder: string | null,
  openapi: string | null,
  found: (versions: string) => void,
): Promise<string[]> {
  const ours = await ofGateway(question)
  await using world = await startWorld()
  const naive = question.needsWebhooks
    ? ['-', '-']
    : await twice(world, createNaive(world), question.text(world))
  if (folder === null || openapi === null) return [question.name, ...ours, ...naive, unmeasured, unmeasured]
  await using mesh = await startMesh(folder, openapi, world)
  found(`Mesh: ${mesh.versions}`)
  return [question.name, ...ours, ...naive, ...(await ofMesh(world, mesh, question))]
}

async function ofGateway(question: Question): Promise<readonly string[]> {
  const [cold, warm] = await asGateway(question, (world, ask) => twice(world, ask, question.text(world)))
  if (question.refused.length === 0) return [cold, '-', cold, warm]
  const [findingOut, refused] = await asGateway(question, async (world, ask) => {
    await world.refuse(question.refused)
    const first = await once(world, ask, question.text(world))
    await forget(world)
    return [first, await once(world, ask, question.text(world))] as const
  })
  return [cold, findingOut, refused, warm]
}

/** With a gateway that has asked nothing yet, or nothing but the customers' tokens. */
async function asGateway(
  question: Question,
  count: (world: World, ask: Ask) => Promise<Pair>,
): Promise<Pair> {
  await using world = await startWorld(question.needsWebhooks ? 0 : 100)
  using store = createStore()
  await using gateway = await startGateway({
    databasePath: store.path,
    graphUrl: world.url,
    app: world.app,
  })
  const ask: Ask = (query) => askGateway(gateway, query)
  await listen(world, gateway)
  if (question.needsWebhooks) await onboardCustomers(world)
  if (question.needsTokens) {
    await ask(question.text(world))
    await forget(world)
  }
  return await count(world, ask)
}

async function ofMesh(world: World, mesh: Mesh, { mesh: text }: Question): Promise<readonly string[]> {
  return text === null ? ['-', '-'] : await twice(world, mesh.ask, text(world))
}

async function twice(world: World, ask: Ask, query: string): Promise<Pair> {
  return [await once(world, ask, query), await once(world, ask, query)]
}

async function once(world: World, ask: Ask, query: string): Promise<string> {
  let isAnswered = false
  const count = await world.count(async () => {
    isAnswered = isWhole(JSON.stringify(await ask(query)))
  })
  return isAnswered ? String(count) : `${count}, fails`
}

function isWhole(answer: string): boolean {
  return !answer.includes('"errors"') && !answer.includes('GraphAPIError') && answer.includes('"name":"')
}

async function askGateway({ url }: Child, query: string): Promise<unknown> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).json()
}
