import { Session } from 'node:inspector/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../src/config/config.ts'
import { startGateway, type Gateway } from '../src/gateway.ts'
import { startSimulator, type Simulator } from '../src/simulator/simulator.ts'
import { printCells } from './support/print.ts'
import { createStore } from './support/store.ts'

const source = fileURLToPath(new URL('../src/', import.meta.url))
/** Nothing is called for so long: much shorter than the pause between two looks of what goes on in the background. */
const quietMs = 100
const [ownerAppId, partnerAppId] = ['637576208107267', '21202248997039']

interface World {
  readonly simulator: Simulator
  ask(query: string, variables?: object): Promise<Json>
}

type Json = Readonly<Record<string, unknown>>

interface Operation {
  readonly name: string
  readonly aim: number
  /** What has to be there before, and is not counted. */
  prepare(world: World): Promise<() => Promise<Json>>
}

const operations: readonly Operation[] = [
  {
    name: 'cold query',
    aim: 55,
    async prepare({ simulator, ask }) {
      const id = simulator.state().solutions[0]?.id
      return () => ask('query ($id: ID!) { solution(id: $id) { name status } }', { id })
    },
  },
  {
    name: 'acceptSolution',
    aim: 80,
    async prepare({ ask }) {
      const created = await ask(
        `mutation ($input: CreateSolutionInput!) {
          createSolution(input: $input) { ... on CreateSolutionPayload { solution { solutionId } } }
        }`,
        { input: { appId: ownerAppId, name: 'Counted', partnerAppId, messaging: 'PARTNER' } },
      )
      const { solution } = created['createSolution'] as { solution: { solutionId: string } }
      const input = { solutionId: solution.solutionId, appId: partnerAppId }
      return () =>
        ask(
          `mutation ($input: SolutionActionInput!) {
            acceptSolution(input: $input) { ... on SolutionActionPayload { solution { name status } } }
          }`,
          { input },
        )
    },
  },
]

/** Called functions by file of `src`. */
type Called = ReadonlyMap<string, readonly string[]>

/**
 * The files of `src` that run a function for one operation, from the HTTP request to its answer, and how many functions
 * those are. What a file does when it is loaded is not counted, nor is the simulator, nor are webhooks: none are sent.
 * With `--list` each file is named, with its functions.
 */
export async function files({ list }: { readonly list: boolean }): Promise<void> {
  for (const operation of operations) {
    const called = await countOperation(operation)
    const cells = [...byFolder(called)].map(([folder, { files, functions }]) => [
      folder,
      String(files),
      String(functions),
    ])
    const functions = [...called.values()].flat().length
    printCells([
      [`${operation.name}: folder`, 'files', 'functions'],
      ...cells,
      [`in all (aim: at most ${operation.aim} files)`, String(called.size), String(functions)],
    ])
    if (list) for (const [file, names] of called) console.log(`${file}: ${names.join(' ')}`)
    console.log()
  }
}

/** With a simulator and a gateway of its own. */
async function countOperation(operation: Operation): Promise<Called> {
  using store = createStore()
  const simulator = await startSimulator({ port: 0 })
  await fetch(`${simulator.url}/__sim/reset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ seed: { solutions: 1 } }),
  })
  const apps = simulator.state().apps.map((app) => ({
    appId: app.appId,
    appSecrets: [app.appSecret] as [string],
    systemToken: app.systemToken,
    businessId: app.businessId,
    creditLineId: app.creditLineId ?? null,
    verifyToken: app.verifyToken,
  }))
  const config = readConfig({ PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: `file:${store.path}` })
  const gateway = await startGateway({ ...config, graphUrl: simulator.url, apps })
  try {
    const ask: World['ask'] = (query, variables) => askGateway(gateway, query, variables)
    return await calledDuring(await operation.prepare({ simulator, ask }))
  } finally {
    await gateway.close()
    await simulator.close()
  }
}

async function calledDuring(work: () => Promise<unknown>): Promise<Called> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
    await untilQuiet(session)
    await work()
    return await takeCalled(session)
  } finally {
    session.disconnect()
  }
}

/** What a gateway does of its own accord when it has started is over. */
async function untilQuiet(session: Session): Promise<void> {
  for (let calls = Infinity; calls > 0; calls = (await takeCalled(session)).size) await sleep(quietMs)
}

/** What has been called since the last time. */
async function takeCalled(session: Session): Promise<Called> {
  const { result } = await session.post('Profiler.takePreciseCoverage')
  const ours = result.flatMap(({ url, functions }) => {
    const file = url.startsWith('file:') ? fileURLToPath(url) : ''
    if (!file.startsWith(source) || file.startsWith(`${source}simulator/`)) return []
    const called = functions.flatMap((one) => (isCalled(one) ? [one.functionName || '(anonymous)'] : []))
    return called.length > 0 ? [[file.slice(source.length), called] as const] : []
  })
  return new Map(ours.toSorted(([one], [other]) => one.localeCompare(other)))
}

interface Counted {
  readonly functionName: string
  readonly ranges: readonly { readonly startOffset: number; readonly count: number }[]
}

/** The first function of a file is the file itself. */
function isCalled({ functionName, ranges: [range] }: Counted): boolean {
  return range !== undefined && range.count > 0 && !(functionName === '' && range.startOffset === 0)
}

function byFolder(called: Called) {
  const folders = Map.groupBy(called, ([file]) =>
    file.includes('/') ? file.slice(0, file.indexOf('/')) : file,
  )
  return new Map(
    [...folders].map(([folder, files]) => [
      folder,
      { files: files.length, functions: files.flatMap(([, names]) => names).length },
    ]),
  )
}

async function askGateway({ url }: Gateway, query: string, variables: object = {}): Promise<Json> {
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data?: Json; errors?: unknown }
  if (errors !== undefined || !data) throw new Error(`The operation failed: ${JSON.stringify(errors)}`)
  return data
}
