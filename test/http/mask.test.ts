import { GraphQLError, locatedError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../src/events/log.ts'
import { GraphError } from '../../src/graph/error.ts'
import { ListChanged } from '../../src/reads/list-position.ts'
import { createLogger } from '../../src/log.ts'
import { createMask } from '../../src/http/graphql/mask.ts'

const token = 'EAATcanarycanarycanary'
const lines: string[] = []
const logger = createLogger(
  { logLevel: 'info', apps: [], apiKey: null, encryptionKeys: [] },
  { write: (line: string) => void lines.push(line) },
)
const mask = (error: unknown): object => (createMask(logger, [])(error) as GraphQLError).toJSON()
const inside = (error: unknown): GraphQLError => locatedError(error, [], ['apps', 0, 'name'])

describe('a client sees an id and nothing else', () => {
  it.each([
    ['of an error', new Error(`token ${token}`)],
    ['of an error of a cause', new Error('outer', { cause: new Error(token) })],
    ['of a type error', new TypeError(`Cannot read properties of undefined (reading '${token}')`)],
    ['of an aggregate', new AggregateError([new Error(token)], token)],
    ['of a string', token],
    ['of an object', { token }],
    ['of nothing', undefined],
    [
      'of a value that graphql-js could not show',
      new GraphQLError(`Enum "SolutionStatus" cannot represent value: "${token}"`),
    ],
    ['of a null that must not be', new GraphQLError('Cannot return null for non-nullable field App.appId.')],
    [
      'of an error with a stack in its extensions',
      Object.assign(new Error('x'), { extensions: { code: 'X', stack: token } }),
    ],
  ])('%s', (_, error) => {
    lines.length = 0
    const shown = mask(inside(error)) as { extensions: { id: string } }
    expect(shown).toEqual({
      message: 'Unexpected error.',
      path: ['apps', 0, 'name'],
      locations: undefined,
      extensions: { code: 'INTERNAL_SERVER_ERROR', id: shown.extensions.id },
    })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(shown.extensions.id)
    expect(lines[0]).not.toContain(token)
  })
})

describe('a client sees', () => {
  it('our own refusals as they are', () => {
    const refusal = new GraphQLError('id: is no id', { extensions: { code: 'INVALID_INPUT' } })
    expect(mask(inside(refusal))).toMatchObject({
      message: 'id: is no id',
      extensions: { code: 'INVALID_INPUT' },
    })
  })

  it('what is wrong with the request, with a code', () => {
    expect(mask(new GraphQLError('Syntax Error'))).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    expect(mask(inside(new GraphQLError('Argument "id" must not be null.')))).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT' },
    })
  })

  it('that the store is away, and the operator why', () => {
    lines.length = 0
    const error = new StoreUnavailable('locked', { cause: new Error(`SQLITE_BUSY ${token}`) })
    expect(mask(inside(error))).toMatchObject({ extensions: { code: 'STORE_UNAVAILABLE' } })
    expect(lines[0]).toContain('SQLITE_BUSY')
    expect(lines[0]).not.toContain(token)
  })

  it('that a list has changed, and the cursor to go on with', () => {
    expect(mask(inside(new ListChanged('The list has changed.', 'MDp4')))).toMatchObject({
      message: 'The list has changed.',
      extensions: { code: 'LIST_CHANGED', resumeFrom: 'MDp4' },
    })
  })

  it('of what Graph refused, the name of its answer and a page to read, as a problem has them', () => {
    const error = new GraphError('invalid', 'No.', { code: 100, fbtraceId: 'AInventedTrace01' })
    expect(mask(inside(error))).toMatchObject({
      extensions: {
        code: 'UPSTREAM_REFUSED',
        graphCode: 100,
        fbtraceId: 'AInventedTrace01',
        help: expect.stringMatching(/^https:\/\/developers\.facebook\.com\//) as string,
      },
    })
    const unnamed = mask(inside(new GraphError('invalid', 'No.'))) as { extensions: object }
    expect(unnamed.extensions).not.toHaveProperty('fbtraceId')
  })

  it('that input is of no use, and the log does not call it a failed call', () => {
    lines.length = 0
    const error = new GraphError('input', 'A Graph id is 1 to 20 decimal digits and nothing else.')
    expect(mask(inside(error))).toMatchObject({
      message: error.message,
      extensions: { code: 'INVALID_INPUT' },
    })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 30,
      msg: expect.stringMatching(/not asked/) as string,
    })
  })
})
