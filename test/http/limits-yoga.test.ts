import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useDocumentLimits } from '../../src/http/graphql/limits/limits.ts'

const schema = buildSchema(/* GraphQL */ `
  type Query {
    hello: String
    things(first: Int, status: Status): [Thing]
    find(by: By): Thing
    pick(n: Int): Int
  }
  type Thing {
    id: ID
    things(first: Int): [Thing]
  }
  type Subscription {
    tick(first: Int): Thing
  }
  enum Status {
    ACTIVE
  }
  input By {
    name: String!
    count: Int
    tags: [By!]
  }
`)

const yoga = createYoga({ schema, logging: false, plugins: [useDocumentLimits()] })
const server = createServer(yoga)
let url = ''

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
})
afterAll(() => new Promise((done) => server.close(done)))

type Reply = {
  status: number
  text: string
  errors: { message: string; extensions?: { code?: string; limit?: string } }[]
}

async function send(query: string, variables: unknown = {}, accept = 'application/json'): Promise<Reply> {
  const headers = { 'content-type': 'application/json', accept }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  const text = await response.text()
  const json = /\{.*\}/s.exec(text)?.[0] ?? '{}'
  return {
    status: response.status,
    text,
    errors: (JSON.parse(json) as { errors?: Reply['errors'] }).errors ?? [],
  }
}

const fragments = Array.from({ length: 24 }, (_, i) =>
  i < 23
    ? `fragment F${i} on Thing { a: things { ...F${i + 1} } b: things { ...F${i + 1} } }`
    : `fragment F${i} on Thing { id }`,
)
const bomb = `{ things { ...F0 } } ${fragments.join(' ')}`

describe('a Yoga server with document limits', () => {
  it('refuses a fragment bomb with 400 each time it is sent, and goes on answering', async () => {
    const first = await send(bomb)
    expect(first).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'QUERY_TOO_LARGE', limit: 'fields' } }],
    })
    expect(await send(bomb)).toEqual(first)
    expect((await send(bomb, {}, 'text/event-stream')).errors[0]?.extensions?.code).toBe('QUERY_TOO_LARGE')
    expect(await send('{ hello }')).toMatchObject({ status: 200, text: '{"data":{"hello":null}}' })
  })

  it('judges page sizes by the variables of each request, though the document is the same', async () => {
    const query = 'query ($n: Int) { things(first: 100) { things(first: $n) { id } } }'
    const small = { status: 200, errors: [] }
    expect(await send(query, { n: 100 })).toMatchObject(small)
    expect(await send(query, { n: 101 })).toMatchObject({
      status: 400,
      errors: [{ extensions: { limit: 'nodes' } }],
    })
    expect(await send(query, { n: 100 })).toMatchObject(small)
  })

  it('refuses it just the same to whoever uses its functions without HTTP', () => {
    const { parse } = yoga.getEnveloped({})
    expect(() => parse(bomb)).toThrow('too large')
    expect(() => parse(bomb)).toThrow('too large')
  })

  it('judges subscriptions alike', async () => {
    const reply = await send('subscription { tick(first: 2147483647) { id } }', {}, 'text/event-stream')
    expect(reply.errors[0]?.extensions).toMatchObject({ code: 'QUERY_TOO_LARGE', limit: 'nodes' })
  })

  it.each([
    ['tokens', `{ ${'a '.repeat(2_001)} }`],
    ['comments', `${'#\n'.repeat(201)}{ hello }`],
    ['characters', `{ hello } ${'#'.repeat(20_000)}`],
  ])('gives up reading at too many %s', async (limit, query) => {
    expect(await send(query)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'QUERY_TOO_LARGE', limit } }],
    })
  })

  it.each([
    '{ helo }',
    '{ things(frist: 1) { id } }',
    '{ find(by: { nam: "x" }) { id } }',
    '{ things { id } ... on Thign { id } }',
  ])('suggests nothing to who sends %s', async (query) => {
    const { errors, text } = await send(query)
    expect(errors.length).toBeGreaterThan(0)
    expect(text).not.toMatch(/did you mean|hello/i)
  })

  it('reports few validation errors', async () => {
    const { errors } = await send(`{ ${Array.from({ length: 30 }, (_, i) => `unknown${i}`).join(' ')} }`)
    expect(errors.length).toBeLessThanOrEqual(6)
  })

  it.each([
    '{ pick(n: "sesame") }',
    '{ find(by: { count: "sesame" }) { id } }',
    '{ find(by: "sesame") { id } }',
    '{ find(by: { name: "sesame", open: "sesame" }) { id } }',
    '{ things(status: "sesame") { id } }',
  ])('does not repeat a literal that does not fit: %s', async (query) => {
    const { errors, text } = await send(query)
    expect(errors.length).toBeGreaterThan(0)
    expect(text).not.toContain('sesame')
  })

  it.each([
    ['{ things(status: SESAME) { id } }', 'At things.status. Allowed: ACTIVE.'],
    ['{ things(status: "sesame") { id } }', 'At things.status. Allowed: ACTIVE.'],
    ['{ find(by: { name: "n", tags: [{ name: 5 }] }) { id } }', 'At find.by.tags.name.'],
  ])('says of a literal where it stands and what may stand there: %s', async (query, hint) => {
    const { errors, text } = await send(query)
    expect(errors[0]?.message).toMatch(hint)
    expect(text).not.toMatch(/sesame/i)
  })
})

describe('variables that do not fit', () => {
  const find = 'query ($by: By!, $status: Status) { find(by: $by) { id } things(status: $status) { id } }'

  it.each([
    [{ by: { name: 5 } }, ['Variable "$by.name" is not a valid String!.']],
    [
      { by: { count: 'sesame' } },
      [
        'Variable "$by" is not a valid By!: field "name" is missing.',
        'Variable "$by.count" is not a valid Int.',
      ],
    ],
    [
      { by: { name: 'n', tags: [{ name: 'n' }, { name: null }] } },
      ['Variable "$by.tags[1].name" is not a valid String!.'],
    ],
    [{ by: { name: 'n', nam: 'sesame' } }, ['Variable "$by" is not a valid By!: no field "nam".']],
    [{ by: { name: 'n' }, status: 'sesame' }, ['Variable "$status" is not a valid Status. Allowed: ACTIVE.']],
    [{ by: 'sesame' }, ['Variable "$by" is not a valid By!.']],
    [{ by: null }, ['Variable "$by" is not a valid By!.']],
    [{}, ['Variable "$by" is missing: its type is By!.']],
  ])('are named by where they are, never by what they are: %j', async (variables, messages) => {
    const { errors, text } = await send(find, variables)
    expect(errors.map(({ message }) => message)).toEqual(messages)
    expect(text).not.toContain('sesame')
    expect(errors[0]?.extensions?.code).toBe('BAD_USER_INPUT')
  })

  it('are answered 400 to clients that speak the GraphQL media type', async () => {
    expect((await send(find, {}, 'application/graphql-response+json')).status).toBe(400)
  })

  it('are reported five at a time', async () => {
    const tags = Array.from({ length: 10_000 }, () => ({ name: 1 }))
    const { errors } = await send(find, { by: { name: 'n', tags } })
    expect(errors).toHaveLength(5)
  })
})
