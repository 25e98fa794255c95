import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { get } from '../../src/graph/endpoint.ts'
import { GraphError } from '../../src/graph/error.ts'
import type { FieldTree } from '../../src/graph/fields.ts'
import type { Viewer } from '../../src/graph/viewer.ts'
import { planReads, toRead, type NodeRequest, type ReadRequest } from '../../src/reads/plan.ts'

const app = {
  appId: '1',
  appSecrets: ['secret'] as const,
  systemToken: 'token',
  businessId: '2',
  creditLineId: null,
  verifyToken: 'verify',
}
const refused = new GraphError('invalid', 'Graph does not take it.', { code: 100 })

const solution = (id: string, fields: FieldTree, viewer: Viewer = { app }): NodeRequest => ({
  kind: 'node',
  type: 'Solution',
  id,
  viewer,
  fields,
})

/** The calls of a plan, as a reader of a log would see them. */
function callsOf(requests: readonly ReadRequest[], ...refusals: string[]) {
  const plan = planReads(requests, (_, { type, field, edge }) =>
    refusals.includes(`${type}${edge ? '/' : '.'}${field}`) ? refused : null,
  )
  const calls = plan.calls.map((call) => {
    const { path, query, token } = toRead(call).endpoint
    return `${token} /${path.join('/')} ${new URLSearchParams(query ?? {})}`.trim()
  })
  return { calls: calls.map(decodeURIComponent), failures: plan.failures }
}

describe('the reads of one tick', () => {
  it('are one call for each object, with all that is wanted of it and nothing that is wanted of another', () => {
    const partners = { name: 'partners', limit: 5, fields: ['id'] }
    const { calls } = callsOf([
      solution('5', ['name']),
      solution('6', ['name', partners]),
      solution('5', ['status']),
    ])
    expect(calls).toEqual(['system /5 fields=name,status', 'system /6 fields=name,partners.limit(5){id}'])
  })

  it('of two viewers are two calls, each with its own token', () => {
    const customer = { businessId: '8', solutionId: '9' }
    const { calls } = callsOf([solution('5', ['name']), solution('5', ['name'], { app, customer })])
    expect(calls).toEqual(['system /5 fields=name', 'business /5 fields=name'])
  })

  it('leave out what Graph refuses: expansions are read as edges, other fields fail without a call', () => {
    const partners = { name: 'partners', limit: 5, fields: ['id', 'status'] }
    const { calls, failures } = callsOf(
      [solution('5', ['id', 'name', 'owner_permissions', partners])],
      'Solution.partners',
      'Solution.owner_permissions',
      'Partner.status',
    )
    expect(calls).toEqual(['system /5 fields=id,name', 'system /5/partners limit=5&fields=id'])
    expect(failures).toEqual([{ key: '1 Solution 5', field: 'owner_permissions', error: refused }])
  })

  it('are none for an object of which only refused fields are wanted', () => {
    const partners = { name: 'partners', limit: 5, fields: ['id'] }
    expect(callsOf([solution('5', ['name'])], 'Solution.name').calls).toEqual([])
    expect(callsOf([solution('5', [partners])], 'Solution.partners').calls).toEqual([
      'system /5/partners limit=5&fields=id',
    ])
  })

  it('are none for an expansion that is refused as an edge too', () => {
    const partners = { name: 'partners', limit: 5, fields: ['id'] }
    const { calls, failures } = callsOf(
      [solution('5', ['name', partners])],
      'Solution.partners',
      'Solution/partners',
    )
    expect(calls).toEqual(['system /5 fields=name'])
    expect(failures).toEqual([{ key: '1 Solution 5', field: 'partners', error: refused }])
  })

  it("ask for a customer's data with the customer's token or not at all", () => {
    const business = (id: string, viewer: Viewer): NodeRequest => ({
      kind: 'node',
      type: 'Business',
      id,
      viewer,
      fields: ['name', 'verification_status'],
    })
    const { calls, failures } = callsOf([business('7', { app })])
    expect(calls).toEqual(['system /7 fields=name'])
    expect(failures).toMatchObject([{ field: 'verification_status', error: { kind: 'token' } }])
    expect(callsOf([business('2', { app })]).calls).toEqual(['system /2 fields=name,verification_status'])
    const customer = { businessId: '7', solutionId: '9' }
    expect(callsOf([business('7', { app, customer })]).calls).toEqual([
      'business /7 fields=name,verification_status',
    ])
  })

  it('leave with the lists of the tick, whose rows lose what is refused at any depth', () => {
    const list: ReadRequest = {
      kind: 'list',
      viewer: { app },
      type: 'ClientWaba',
      fields: [
        'id',
        { name: 'solutions', limit: 2, fields: ['id', { name: 'partners', limit: 3, fields: ['id'] }] },
      ],
      endpoint: (fields) =>
        get(['2', 'client_whatsapp_business_accounts'], { n: String(fields.length) }, z.unknown()),
    }
    const plan = planReads([list, solution('5', ['name'])], (_, { type, field }) =>
      type === 'Solution' && field === 'partners' ? refused : null,
    )
    expect(plan.calls.map(({ kind }) => kind)).toEqual(['list', 'node'])
    expect(plan.calls[0]).toMatchObject({ fields: ['id', { name: 'solutions', limit: 2, fields: ['id'] }] })
  })
})
