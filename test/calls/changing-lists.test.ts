import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { luckyShrub, socialOverdrive, startWorld, type World } from './support/world.ts'

interface Played {
  /** The list in the schema, with what it is filtered and sorted by. */
  readonly list: string
  /** The key of a row in an answer. */
  readonly key: string
  /** What the simulator has in it now. */
  readonly rows: (world: World) => readonly string[]
  readonly come: (world: World) => Promise<unknown>
  readonly go?: (world: World, id: string) => Promise<unknown>
}

const accountsOf = ({ gateway }: World): readonly string[] => {
  const { accounts, apps } = gateway.simulator.state()
  const own = apps.find(({ appId }) => appId === luckyShrub)?.businessId ?? ''
  return accounts.filter(({ sharedWith }) => sharedWith.includes(own)).map(({ id }) => id)
}
const accounts = {
  key: 'wabaId',
  rows: accountsOf,
  come: async ({ simulator, solutionIds }: World) => {
    await simulator.play('clock', { advanceMs: 1000 })
    await simulator.onboard(solutionIds[0] ?? '')
  },
  go: async ({ simulator }: World, id: string) => simulator.play('unshare', { waba_id: id }),
}
const post = async ({ gateway }: World, appId: string, path: string, body: object): Promise<void> => {
  const app = gateway.simulator.state().apps.find((one) => one.appId === appId)
  const answer = await fetch(`${gateway.simulator.url}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${app?.systemToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

let solutions = 0
const lists: readonly Played[] = [
  { ...accounts, list: 'clientWabas(PAGE)' },
  { ...accounts, list: 'clientWabas(sort: CREATION_TIME_DESCENDING, PAGE)' },
  {
    list: 'solutions(PAGE)',
    key: 'solutionId',
    rows: ({ gateway }) => gateway.simulator.state().solutions.map(({ id }) => id),
    come: async (world) =>
      post(world, socialOverdrive, `${socialOverdrive}/whatsapp_business_solution`, {
        solution_name: `Another ${++solutions}`,
        partner_app_id: luckyShrub,
        owner_permissions: [],
        partner_permissions: ['MESSAGING'],
      }),
  },
  {
    list: 'creditLines { allocations(PAGE) BODY }',
    key: 'allocationId',
    rows: ({ gateway }) =>
      gateway.simulator
        .state()
        .allocations.flatMap(({ id, requestStatus }) => (requestStatus === 'DELETED' ? [] : [id])),
    come: async (world) => {
      const { creditLines, accounts: every, allocations } = world.gateway.simulator.state()
      const taken = new Set(allocations.map(({ receivingBusinessId }) => receivingBusinessId))
      const shared = accountsOf(world)
      const owners = every.filter(({ id }) => shared.includes(id)).map((one) => one.ownerBusinessId)
      const free = owners.find((id) => !taken.has(id))
      if (free)
        await post(world, luckyShrub, `${creditLines[0]?.id}/whatsapp_credit_sharing`, {
          receiving_business_id: free,
        })
    },
    go: async ({ simulator }, id) => simulator.play('revoke_credit', { allocation_id: id }),
  },
]

interface Step {
  readonly first: number
  readonly changes: readonly { readonly comes: boolean; readonly at: number }[]
}

const step = fc.record<Step>({
  first: fc.integer({ min: 1, max: 15 }),
  changes: fc.array(fc.record({ comes: fc.boolean(), at: fc.nat(100) }), { maxLength: 4 }),
})

async function page(world: World, { list, key }: Played, first: number, after: string | null) {
  const body = `{ edges { node { ${key} } } pageInfo { hasNextPage endCursor } }`
  const field = list.includes('BODY') ? list.replace('BODY', body) : `${list} ${body}`
  const query = `query ($first: Int, $after: String) { app(id: "${luckyShrub}") { ${field} } }`
  const variables = { first, after }
  const { data, errors } = await world.run(query.replace('PAGE', 'first: $first, after: $after'), variables)
  const [error] = errors ?? []
  if (error) {
    expect(error.extensions).toMatchObject({ code: 'LIST_CHANGED' })
    return { ids: [], hasNextPage: true, endCursor: String(error.extensions?.['resumeFrom']), told: true }
  }
  const text = JSON.stringify(data)
  const ids = [...text.matchAll(new RegExp(`"${key}":"(\\d+)"`, 'g'))].map(([, id]) => id ?? '')
  const { hasNextPage, endCursor } = JSON.parse(/"pageInfo":(\{.*?\})/.exec(text)?.[1] ?? '{}') as {
    hasNextPage: boolean
    endCursor: string | null
  }
  return { ids, hasNextPage, endCursor, told: false }
}

async function change(
  world: World,
  { rows, come, go }: Played,
  { comes, at }: { comes: boolean; at: number },
) {
  const here = rows(world)
  if (comes || !go) await come(world)
  else if (here.length > 0) await go(world, here[at % here.length] ?? '')
}

/** Somebody reads the list to its end, while this happens between the pages. */
async function readWhile(world: World, list: Played, steps: readonly Step[]): Promise<void> {
  const before = list.rows(world)
  // So that the first page is in memory.
  await page(world, list, 15, null)
  const shown: string[] = []
  let [told, after]: [boolean, string | null] = [false, null]
  for (let turn = 0; ; turn++) {
    const { first, changes } = steps[turn] ?? { first: 20, changes: [] }
    for (const one of changes) await change(world, list, one)
    const answer = await page(world, list, first, after)
    shown.push(...answer.ids)
    told ||= answer.told
    after = answer.endCursor
    if (!answer.hasNextPage) break
  }
  const now = list.rows(world)
  const staying = before.filter((id) => now.includes(id))
  const seen = shown.filter((id) => staying.includes(id))
  expect([...new Set(seen)].toSorted()).toEqual(staying.toSorted())
  if (!told) expect(seen).toHaveLength(staying.length)
}

const seed = { solutions: 30, wabas: 60 }
const all = lists.map((list) => [list.list, list] as const)
const anySteps = fc.array(step, { minLength: 1, maxLength: 6 })

describe.each([['list'], ['row']])(
  'a list that changes while a caller reads it, where webhooks tell of it, and cursors of Graph live as long as a %s',
  (cursorLife) => {
    let world: World
    beforeAll(async () => {
      world = await startWorld({ ...seed, cursorLife })
    })
    afterAll(() => world[Symbol.asyncDispose]())

    it.each(all)(
      'shows each row that stays once, or says that it has changed: %s',
      async (_, list) => {
        const run = async (steps: readonly Step[]): Promise<void> => {
          await world.forget()
          await readWhile(world, list, steps)
        }
        await fc.assert(fc.asyncProperty(anySteps, run), { numRuns: 10 })
      },
      120_000,
    )
  },
)

describe('a list that changes while a caller reads it', () => {
  it.each(all)(
    'shows each row that stays once, where webhooks are late and memory has what was true before: %s',
    async (_, list) => {
      const run = async (steps: readonly Step[]): Promise<void> => {
        await using late = await startWorld(seed)
        await late.holdWebhooks()
        await readWhile(late, list, steps)
      }
      await fc.assert(fc.asyncProperty(anySteps, run), { numRuns: 3, endOnFailure: true })
    },
    120_000,
  )

  it('costs one request more after a change, and says with what to go on when all the rows have gone that it knew', async () => {
    const query = `query ($after: String) { app(id: "${luckyShrub}") {
      clientWabas(first: 10, after: $after) { edges { node { wabaId } } pageInfo { endCursor } }
    } }`
    await using own = await startWorld(seed)
    const read = async (after: string | null) => {
      const { data, errors, total } = await own.run(query, { after })
      const { clientWabas } = (data?.['app'] ?? {}) as {
        clientWabas: { edges: { node: { wabaId: string } }[]; pageInfo: { endCursor: string } } | null
      }
      const ids = clientWabas?.edges.map(({ node }) => node.wabaId)
      return { ids, after: clientWabas?.pageInfo.endCursor ?? null, errors, total }
    }
    const [first, ...others] = [await read(null), ...own.wabaIds.slice(10)]
    expect(first).toMatchObject({ ids: own.wabaIds.slice(0, 10), total: 1 })
    for (const id of own.wabaIds.slice(8, 10)) await own.simulator.play('unshare', { waba_id: id })
    expect(await read(first.after)).toMatchObject({ ids: others.slice(0, 10), total: 2 })
    for (const id of own.wabaIds.slice(5, 8)) await own.simulator.play('unshare', { waba_id: id })
    const { ids, errors } = await read(first.after)
    expect(ids).toBeUndefined()
    expect(errors).toMatchObject([
      {
        path: ['app', 'clientWabas'],
        message: expect.stringContaining('Go on with `resumeFrom`') as string,
        extensions: { code: 'LIST_CHANGED', resumeFrom: expect.any(String) as string },
      },
    ])
    const again = await read(String(errors?.[0]?.extensions?.['resumeFrom']))
    expect(again.ids).toEqual([...own.wabaIds.slice(0, 5), ...others.slice(0, 5)])
  })
})
