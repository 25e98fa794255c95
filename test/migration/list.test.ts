import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeSolution, mutate } from '../support/mutate.ts'
import { until } from '../support/until.ts'
import { luckyShrub, socialOverdrive, startWorld, type World } from '../onboarding/support/world.ts'

const parties = { owner: socialOverdrive, partner: luckyShrub }
const verb = ['setSolutionMigrationIntent', 'SolutionMigrationIntentInput'] as const
const made = '... on SolutionMigrationIntentPayload { intent { intentId askedAt statusSince } }'
const fields =
  'intentId status graphStatus askedAt statusSince solution { solutionId } destinationWaba { wabaId } clientWaba { wabaId }'

interface Intent {
  readonly intentId: string
  readonly status: string
  readonly destinationWaba: { readonly wabaId: string } | null
}
interface News {
  readonly event: string
  readonly wabaId: string
  readonly migrationIntent: Record<string, unknown> | null
}

describe('the migrations of an account', () => {
  let world: World
  let wabaId: string
  let to: string

  beforeEach(async () => {
    world = await startWorld()
    to = await makeSolution(world.gateway.url, parties, 'The other one')
    wabaId = (await world.arrive()).waba_id
  })
  afterEach(() => world.close())

  const ask = async (input: object): Promise<string> => {
    const input_ = { wabaId, appId: socialOverdrive, ...input }
    const { intent } = (await mutate(world.gateway.url, verb, input_, made)) as { intent: Intent }
    return intent.intentId
  }
  const answer = (id: string, status: string) => world.simulator.play('intents', { id, status })
  const list = async (appId = socialOverdrive): Promise<readonly Intent[]> => {
    const query = `{ app(id: "${appId}") { clientWabas { edges { node { wabaId migrationIntents { ${fields} } } } } } }`
    const { app } = (await world.ask(query)) as {
      app: { clientWabas: { edges: { node: { wabaId: string; migrationIntents: Intent[] } }[] } }
    }
    return app.clientWabas.edges.find(({ node }) => node.wabaId === wabaId)?.node.migrationIntents ?? []
  }
  const news = async (): Promise<readonly News[]> => {
    const query = `{ events(filter: { wabaId: "${wabaId}" }, last: 50) { edges { node { ... on ClientWabaEvent {
      event wabaId migrationIntent { intentId status graphStatus previousGraphStatus destinationWabaId } } } } } }`
    const { events } = (await world.ask(query)) as { events: { edges: { node: News }[] } }
    return events.edges.map(({ node }) => node).filter(({ migrationIntent }) => migrationIntent !== null)
  }

  it('are a list with their state, newest first, through whichever app the account is seen', async () => {
    expect(await list()).toEqual([])
    const first = await ask({ solutionId: to })
    await answer(first, 'REJECTED')
    const second = await ask({ leave: true })
    const time = expect.stringMatching(/Z$/) as string
    const common = {
      graphStatus: expect.any(String) as string,
      askedAt: time,
      statusSince: time,
      clientWaba: { wabaId },
    }
    expect(await list()).toMatchObject([
      { ...common, intentId: second, status: 'INITIATED', solution: null },
      { ...common, intentId: first, status: 'REJECTED', solution: { solutionId: to } },
    ])
    expect(await list(luckyShrub)).toMatchObject([{ intentId: second }, { intentId: first }])
  })

  it('while one is open, another is refused with the name of that one, and waits for the customer', async () => {
    const open = await ask({ solutionId: to })
    const again = { wabaId, appId: socialOverdrive, leave: true }
    const refused = await mutate(world.gateway.url, verb, again, made)
    expect(refused).toMatchObject({ waitsFor: 'CUSTOMER' })
    expect((refused as { message: string }).message).toContain(`${open} is INITIATED`)
    await answer(open, 'REJECTED')
    await ask({ leave: true })
  })

  it('say when they were asked for as soon as they are', async () => {
    const input = { wabaId, appId: socialOverdrive, leave: true }
    const time = expect.stringMatching(/Z$/) as string
    expect(await mutate(world.gateway.url, verb, input, made)).toMatchObject({
      intent: { askedAt: time, statusSince: time },
    })
  })

  it('become events when the customer answers, though nobody asks', async () => {
    const id = await ask({ solutionId: to })
    await answer(id, 'ACCEPTED')
    await until(async () => (await news()).length === 2)
    const [asked, accepted] = await news()
    expect(asked).toMatchObject({
      wabaId,
      migrationIntent: { intentId: id, status: 'INITIATED', previousGraphStatus: null },
    })
    expect(accepted).toMatchObject({
      event: 'MIGRATION_INTENT_ACCEPTED',
      wabaId,
      migrationIntent: {
        intentId: id,
        status: 'ACCEPTED',
        graphStatus: 'ACCEPTED',
        previousGraphStatus: 'INITIATED',
        destinationWabaId: (await list())[0]?.destinationWaba?.wabaId,
      },
    })
    await answer(id, 'COMPLETED')
    await until(async () => (await news()).length === 3)
    expect((await news())[2]).toMatchObject({
      migrationIntent: { status: 'COMPLETED', previousGraphStatus: 'ACCEPTED' },
    })
  })

  it.each(['migrationIntent', 'migrationIntents'])(
    'become events at once when a caller reads the new state by %s, once',
    async (how) => {
      const id = await ask({ solutionId: to })
      await answer(id, 'REJECTED')
      const read = `{ migrationIntent(id: "${id}", wabaId: "${wabaId}") { status } }`
      for (let times = 0; times < 3; times++) await (how === 'migrationIntent' ? world.ask(read) : list())
      expect((await news()).map(({ event }) => event)).toEqual([
        'CLIENT_WABA_UPDATED',
        'MIGRATION_INTENT_REJECTED',
      ])
    },
  )

  it('are read no more once they have ended', async () => {
    const id = await ask({ solutionId: to })
    await answer(id, 'REJECTED')
    expect(await list()).toMatchObject([{ status: 'REJECTED' }])
    await world.simulator.forgetRequests()
    expect(await list()).toMatchObject([{ status: 'REJECTED' }])
    const { byRoute } = await world.simulator.requests()
    expect(Object.keys(byRoute).filter((route) => route.includes('intent'))).toEqual([])
  })

  it('are as the log last told where Graph does not show them', async () => {
    const id = await ask({ solutionId: to })
    await world.simulator.faults({ method: 'GET', path: `/${id}`, kind: 'error', code: 10 })
    expect(await list()).toMatchObject([{ intentId: id, status: 'INITIATED', solution: { solutionId: to } }])
  })
})
