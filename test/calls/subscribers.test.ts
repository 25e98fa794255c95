import { createClient } from 'graphql-ws'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { Inbox } from '../support/inbox.ts'
import { luckyShrub, refuse, startWorld, type World } from './support/world.ts'

const [sockets, perSocket] = [25, 40]

interface Change {
  readonly data?: { solutionStatusChanged: { status: string; solution: { partners: { edges: object[] } } } }
}

/** 1,000 subscriptions to one solution, each with its first item here. */
async function subscribe({ gateway }: World, solutionId: string) {
  const query = `subscription { solutionStatusChanged(solutionId: "${solutionId}", appId: "${luckyShrub}") {
    status solution { partners(first: 5) { edges { node { status app { name } } } } } } }`
  const clients = Array.from({ length: sockets }, () =>
    createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    }),
  )
  const inboxes = clients.flatMap((client) =>
    Array.from({ length: perSocket }, () => {
      const inbox = new Inbox<Change>()
      client.subscribe(
        { query },
        {
          next: (item) => inbox.put(item as Change),
          error: (error) => inbox.put({ error } as Change),
          complete: () => {},
        },
      )
      return inbox
    }),
  )
  const next = (status: string): Promise<Change[]> =>
    Promise.all(
      inboxes.map((inbox) => inbox.next(({ data }) => data?.solutionStatusChanged.status === status)),
    )
  return { next, stop: () => clients.forEach((client) => void client.dispose()) }
}

describe('1,000 subscribers to one solution who select its partners', () => {
  it.each([
    ['', []],
    [', also when Graph refuses their expansion', ['partners']],
  ])('cost one HTTP request for one webhook%s', async (_, refused) => {
    await using world = await startWorld({ wabas: 0 })
    const [solutionId = ''] = world.solutionIds
    await refuse(world.simulator, ...refused)
    const subscribers = await subscribe(world, solutionId)
    await subscribers.next('ACTIVE')
    await world.simulator.forgetRequests()
    await world.requestDeactivation(solutionId)
    const changes = await subscribers.next('PENDING_DEACTIVATION')
    const partners = changes.map(({ data }) => data?.solutionStatusChanged.solution.partners.edges.length)
    expect(new Set(partners)).toEqual(new Set([1]))
    const { total } = await world.simulator.requests()
    expect(total - 1).toBe(1)
    subscribers.stop()
  })
})
