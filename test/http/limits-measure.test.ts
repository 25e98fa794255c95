import { getIntrospectionQuery, GraphQLSchema, parse, visit, type DocumentNode, type Kind } from 'graphql'
import { describe, expect, it } from 'vitest'
import { checkCost, checkDocument, defaultLimits } from '../../src/http/graphql/limits/limits.ts'
import { MOST_COUNTED, measureDocument } from '../../src/http/graphql/limits/size.ts'
import { costOf } from '../../src/http/graphql/limits/price.ts'

const noSchema = new GraphQLSchema({})
const free = { fields: {}, perApp: new Set<string>(), mutation: 0 }
const check = (query: string) => checkDocument(parse(query), defaultLimits)?.limit ?? 'fits'
const nested = (depth: number) => `${'{a'.repeat(depth)}${'}'.repeat(depth)}`
const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(' ')

function bomb(levels: number, link = (next: string) => `a: x { ...${next} } b: x { ...${next} }`): string {
  const fragments = times(
    levels,
    (i) => `fragment F${i} on Query { ${i + 1 < levels ? link(`F${i + 1}`) : 'leaf'} }`,
  )
  return `{ ...F0 } ${fragments}`
}

/** The document, and how often what stands in its selections was looked at. */
function watched(query: string): { document: DocumentNode; looks: () => number } {
  let looks = 0
  const watch = (node: { readonly kind: Kind }) =>
    new Proxy(node, {
      get: (target, key) => {
        if (key === 'kind') looks += 1
        return Reflect.get(target, key) as unknown
      },
    })
  const document = visit(parse(query), {
    Field: { leave: watch },
    FragmentSpread: { leave: watch },
  }) as DocumentNode
  looks = 0
  return { document, looks: () => looks }
}

describe('the size of a document', () => {
  it.each([24, 60, 400])(
    'is known for a fragment bomb of %i levels after one look at each selection',
    (levels) => {
      const { document, looks } = watched(bomb(levels))
      expect(measureDocument(document).fields).toBe(MOST_COUNTED)
      expect(looks()).toBeLessThanOrEqual(4 * levels + 1)
    },
  )

  it.each([24, 60])('is known for %i levels of flat doubling', (levels) => {
    const { document, looks } = watched(bomb(levels, (next) => `...${next} ...${next}`))
    expect(measureDocument(document).fields).toBe(MOST_COUNTED)
    expect(looks()).toBeLessThanOrEqual(2 * levels + 1)
  })

  it('counts a fragment wherever it is spread, with its aliases and directives', () => {
    const size = measureDocument(
      parse(
        'query { a { ...F } b { ...F @skip(if: false) } } fragment F on T { x: id @include(if: true) name }',
      ),
    )
    expect(size).toMatchObject({
      fields: 6,
      depth: 2,
      aliases: 2,
      directives: 3,
      rootFields: 2,
      repetitions: 1,
    })
  })

  it('is that of the worst definition', () => {
    const document = parse(
      'query A { a } query B { a { b { c } } } fragment Unused on T { a { b { c { d } } } }',
    )
    expect(measureDocument(document).depth).toBe(4)
    expect(measureDocument(parse('query A { a } query B { a { b { c } } }')).depth).toBe(3)
  })

  it('leaves what lies below __schema and __type out of the ordinary counts', () => {
    const size = measureDocument(parse('{ __schema { types { name } } app { name } }'))
    expect(size).toMatchObject({ fields: 3, depth: 2, introspectionFields: 2, introspectionDepth: 2 })
  })

  it.each([
    '{ ...F } fragment F on Q { a ...F }',
    '{ ...F } fragment F on Q { a { ...G } } fragment G on Q { b { ...F } }',
  ])('has no end when a fragment spreads itself: %s', (query) => {
    expect(measureDocument(parse(query)).cyclic).toBe(true)
    expect(check(query)).toBe('cycles')
  })

  it('survives a fragment that is spread but not defined, and one that is defined twice', () => {
    expect(measureDocument(parse('{ a ...Missing }')).fields).toBe(1)
    expect(measureDocument(parse('{ a } fragment F on Q { a { b } } fragment F on Q { a }')).depth).toBe(2)
  })

  it('treats more nesting than anybody means as endless, without recursing into it', () => {
    expect(measureDocument(parse(nested(900))).depth).toBeGreaterThanOrEqual(MOST_COUNTED)
  })
})

describe('the limits', () => {
  const wide = (count: number, part: (i: number) => string) => `{ ${times(count, part)} }`

  it.each([
    ['depth 13', nested(13), 'depth'],
    ['depth 500', nested(500), 'depth'],
    ['a fragment bomb', bomb(24), 'fields'],
    ['a longer fragment bomb', bomb(60), 'fragments'],
    ['10,000 aliases', wide(10_000, (i) => `a${i}: x${i}`), 'fields'],
    ['61 aliases', wide(61, (i) => `b${i % 3} { a${i}: x${i} }`), 'aliases'],
    ['31 aliases of one field', wide(31, (i) => `a${i}: solution(id: ${i}) { id }`), 'repetitions'],
    ['31 aliases of __typename', wide(31, (i) => `a${i}: __typename`), 'repetitions'],
    ['500 times the same field', wide(500, () => '__typename'), 'repetitions'],
    ['500 times the same field below the root', `{ a { ${times(500, () => 'b { id }')} } }`, 'fields'],
    [
      '31 times the same field through a fragment',
      `{ a { ...F ...F } } fragment F on T { ${times(16, () => 'b')} }`,
      'repetitions',
    ],
    ['41 root fields', wide(41, (i) => `f${i}`), 'rootFields'],
    ['21 directives', wide(21, (i) => `f${i} @include(if: true)`), 'directives'],
    ['1,000 directives on one field', `{ a ${times(1_000, () => '@include(if: true)')} }`, 'directives'],
    ['11 operations', times(11, (i) => `query Q${i} { a }`), 'operations'],
    ['51 fragments', `{ a } ${times(51, (i) => `fragment F${i} on T { a }`)}`, 'fragments'],
    [
      'introspection in circles',
      `{ __schema { ${'types { fields { type { '.repeat(6)} name ${'} } }'.repeat(6)} } }`,
      'introspectionDepth',
    ],
    ['much introspection', `{ __schema { ${times(301, (i) => `f${i}`)} } }`, 'introspectionFields'],
  ])('refuse %s', (_what, query, limit) => {
    expect(check(query)).toBe(limit)
  })

  it.each([
    ['depth 12', nested(12)],
    [
      'thirty solutions by id, sixteen fields each',
      wide(30, (i) => `s${i}: solution(id: ${i}) { ${times(15, (j) => `f${j}`)} }`),
    ],
    ['the standard introspection query with everything on', fullIntrospection()],
    ['introspection beside an ordinary query', '{ __type(name: "App") { name } apps { name } }'],
    ['the widest screen of the graph', screen],
  ])('accept %s', (_what, query) => {
    expect(check(query)).toBe('fits')
  })

  it('say which limit it was, what is allowed and what was found', () => {
    expect(checkDocument(parse(nested(13)), defaultLimits)).toEqual({
      code: 'QUERY_TOO_LARGE',
      message: 'The query is too large: at most 12 levels of nesting are allowed.',
      limit: 'depth',
      allowed: 12,
      found: 13,
    })
  })
})

describe('the pages a query asks for', () => {
  const pages = (query: string, variables = {}) =>
    costOf(noSchema, parse(query), variables, { prices: { ...free, apps: 1, defaultPageSize: 25 } }).nodes

  it('multiply along a path and not across paths', () => {
    expect(
      pages(
        '{ a(first: 10) { edges { node { b(last: 5) { edges { cursor } } } } } c(first: 40) { edges { cursor } } }',
      ),
    ).toBe(50)
  })

  it('are read from variables and their defaults', () => {
    const query = 'query ($n: Int = 7) { a(first: $n) { edges { cursor } } }'
    expect(pages(query)).toBe(7)
    expect(pages(query, { n: 90 })).toBe(90)
  })

  it('are of the default size where a connection is not given one, also within fragments', () => {
    expect(pages('{ a { ...E } } fragment E on C { edges { node { b { ... { nodes { id } } } } } }')).toBe(
      625,
    )
    expect(pages('query ($n: Int) { a(first: $n) { edges { cursor } } }', { n: null })).toBe(25)
    expect(pages('{ a { b { c } } }')).toBe(1)
  })

  it('leave nonsense to the schema', () => {
    expect(pages('{ a(first: -1) { id } }')).toBe(1)
    expect(pages('query ($n: Int) { a(first: $n) { id } }', { n: 'many' })).toBe(1)
  })

  it.each([
    ['{ a(first: 2147483647) { id } }', {}],
    ['query ($n: Int) { a(first: $n) { id } }', { n: 1e9 }],
    ['{ a(first: 50) { b(first: 50) { c(first: 50) { id } } } }', {}],
  ])('are refused when they are too many: %s', (query, variables) => {
    expect(
      checkCost(noSchema, parse(query), variables, { ...defaultLimits, prices: free, apps: 1 })?.limit,
    ).toBe('nodes')
  })

  it('do not count what is left out', () => {
    const query = 'query ($no: Boolean!) { a(first: 10) { edges { b(first: 9) @include(if: $no) { id } } } }'
    expect([pages(query, { no: false }), pages(query, { no: true })]).toEqual([10, 90])
  })

  it('are counted once per fragment, however often it is spread', () => {
    expect(
      pages(bomb(400, (next) => `a: x(first: 2) { ...${next} } b: x(first: 2) { ...${next} }`)),
    ).toBeGreaterThan(1e6)
  })

  it('end where a fragment spreads itself', () => {
    expect(pages('{ ...F } fragment F on Q { a(first: 3) { ...F } }')).toBe(3)
  })
})

function fullIntrospection(): string {
  return getIntrospectionQuery({
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    experimentalDirectiveDeprecation: true,
    oneOf: true,
  })
}

const screen = /* GraphQL */ `
  query Screen($id: ID!) {
    solution(id: $id) {
      ...Parts
      actions {
        action
        appId
        available
        reason
      }
      embeddedSignup(configId: "1") {
        solutionId
        options
      }
      partners(first: 10) {
        edges {
          cursor
          node {
            id
            partnerId
            status
            permissions
            app {
              id
              appId
              name
            }
          }
        }
      }
      events(first: 20) {
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            id
            cursor
            kind
            source
            occurredAt
          }
        }
      }
    }
    clientWabas: app {
      clientWabas(first: 50) {
        edges {
          node {
            id
            wabaId
            name
            ownerBusiness {
              id
              name
            }
            solutions(first: 5) {
              edges {
                node {
                  ...Parts
                  partners(first: 5) {
                    edges {
                      node {
                        app {
                          name
                        }
                      }
                    }
                  }
                }
              }
            }
            phoneNumbers(first: 10) {
              edges {
                node {
                  id
                  displayPhoneNumber
                  status
                }
              }
            }
          }
        }
      }
    }
  }
  fragment Parts on Solution {
    id
    solutionId
    name
    status
    graphStatus
    graphPendingRequest
    acceptsOnboarding
  }
`
