import { describe, expect, it } from 'vitest'
import { startTestGateway } from '../../support/gateway.ts'
import { graphql } from '../../support/graphql.ts'
import { openKnownWire } from '../support/socket.ts'

const query =
  'subscription ($after: String) { events(after: $after) { ... on SolutionEvent { cursor solutionId } } }'
const create = `mutation ($name: String!) { createSolution(input: { appId: "637576208107267", name: $name,
  partnerAppId: "21202248997039", messaging: OWNER }) { __typename } }`

describe('events over a socket', () => {
  it('are the bytes of the protocol, with the id that the client chose', async () => {
    await using gateway = await startTestGateway()
    await graphql(gateway.url, create, { name: 'Before' })
    const { data } = await graphql(gateway.url, '{ events(last: 1) { edges { cursor } } }')
    const [edge] = (data as { events: { edges: { cursor: string }[] } }).events.edges
    const wire = await openKnownWire(gateway.url)
    const texts: string[] = []
    wire.socket.on('message', (message: Buffer) => texts.push(message.toString()))
    const ids = ['1', 'with "quotes" and \u2028', 'ü']
    for (const id of ids) wire.subscribe(id, query, { after: edge?.cursor })
    await graphql(gateway.url, create, { name: 'On the wire' })
    for (const id of ids) await wire.inbox.next((message) => message.id === id && message.type === 'next')
    const items = texts.map((text) => JSON.parse(text) as { id: string; type: string; payload: object })
    expect(texts).toEqual(items.map(({ id, type, payload }) => JSON.stringify({ id, type, payload })))
    const firsts = ids.map((id) => items.find((item) => item.id === id)?.payload)
    expect(firsts).toEqual([firsts[0], firsts[0], firsts[0]])
    wire.socket.terminate()
  })
})
