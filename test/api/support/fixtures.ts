import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { controlOf } from '../../support/control.ts'
import type { TestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'

const appId = '637576208107267'

type Node = Readonly<Record<string, unknown>>

/** What the log has of a fixture, which is posted when it is asked for first. */
export type Told = (name: string, selection: string) => Promise<Node>

export function fixturesOn({ url, simulator }: TestGateway): Told {
  const ids = new Map<string, string>()

  async function post(name: string): Promise<string> {
    const file = new URL(`../../fixtures/webhooks/${name}.json`, import.meta.url)
    const body = JSON.parse(readFileSync(file, 'utf8')) as unknown
    expect(await controlOf(simulator.url).webhook(appId, body)).toEqual([200])
    const { data } = await graphql(url, '{ events(last: 1) { edges { node { id } } } }')
    return (data as { events: { edges: [{ node: { id: string } }] } }).events.edges[0].node.id
  }

  return async (name, selection) => {
    const id = ids.get(name) ?? (await post(name))
    ids.set(name, id)
    const query = `{ node(id: "${id}") { __typename ... on Event { kind severity waitsFor } ${selection} } }`
    const { data, errors } = await graphql(url, query)
    expect(errors).toBeUndefined()
    return (data as { node: Node }).node
  }
}
