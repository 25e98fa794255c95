import { describe, expect, it } from 'vitest'
import { get } from '../../src/graph/endpoint.ts'
import { GraphError } from '../../src/graph/error.ts'
import type { FieldTree } from '../../src/graph/fields.ts'
import type { Job, NodeJob } from '../../src/loaders/job.ts'
import { settle } from '../../src/loaders/settle.ts'
import { z } from 'zod'

const app = {
  appId: '1',
  appSecrets: ['secret'] as const,
  systemToken: 'token',
  businessId: '2',
  creditLineId: null,
  verifyToken: 'verify',
}
const witness = 'status_for_pending_request'
const partners = { name: 'partners', limit: 5, fields: ['id', 'status'] }

const node = (fields: FieldTree): NodeJob => ({
  kind: 'node',
  type: 'Solution',
  viewer: { app },
  id: '5',
  fields,
  doubt: null,
})
const list = (fields: FieldTree, query: Record<string, string> = {}): Job => ({
  kind: 'list',
  fields,
  doubt: null,
  want: {
    kind: 'list',
    viewer: { app },
    type: 'Solution',
    fields,
    endpoint: () => get(['1', 'whatsapp_business_solutions'], query, z.unknown()),
  },
})
const refusal = (message: string) => new GraphError('invalid', message, { code: 100 })
const unknown = (field: string, type = '') =>
  refusal(`(#100) Tried accessing nonexisting field (${field})${type && ` on node type (${type})`}`)
const next = (job: Job, error: GraphError) => settle(job, { error }).again ?? []

describe('after a refusal', () => {
  it('the field is left out, and an expansion is read as an edge at the same time', () => {
    const job = node(['id', witness, 'name', partners])
    const again = next(job, unknown('partners', 'WhatsAppBusinessSolution'))
    expect(again).toMatchObject([
      { kind: 'node', id: '5', fields: ['id', witness, 'name'] },
      { kind: 'edge', id: '5', field: partners },
    ])
  })

  it('is believed only once the call has gone through without', () => {
    const job = list(['id', 'name', partners])
    const step = settle(job, { error: unknown('partners') })
    expect(step.learned).toBeUndefined()
    const [again] = step.again ?? []
    const done = settle(again as Job, { value: { data: [], after: null } })
    expect(done.learned).toMatchObject({ suspects: [{ type: 'Solution', field: 'partners' }], vague: false })
  })

  it('a name that stands at two places is left out of the deeper one first', () => {
    const job = list(['id', 'status', partners])
    const [first] = next(job, unknown('status'))
    expect(first).toMatchObject({ fields: ['id', 'status', { name: 'partners', limit: 5, fields: ['id'] }] })
    const [second] = next(first as Job, unknown('status'))
    expect(second).toMatchObject({ fields: ['id', { name: 'partners', limit: 5, fields: ['id'] }] })
  })

  it('and where Graph names the type, of that type', () => {
    const [again] = next(list(['id', 'status', partners]), unknown('status', 'WhatsAppBusinessSolution'))
    expect(again).toMatchObject({ fields: ['id', partners] })
  })

  it('of what tells an object from one of another type, nothing is left out', () => {
    expect(next(node(['id', witness, 'name']), unknown(witness, 'Application'))).toEqual([])
    expect(next(node(['id', witness, 'name']), unknown('name', 'Application'))).toEqual([])
  })

  it('that names nothing, the expansions are left out, then everything, then it stands', () => {
    const [first] = next(list(['id', 'name', partners]), refusal('(#100) No.'))
    expect(first).toMatchObject({ fields: ['id', 'name'], doubt: { vague: false } })
    const [second] = next(first as Job, refusal('(#100) No.'))
    expect(second).toMatchObject({ fields: ['id'], doubt: { vague: true } })
    expect(next(second as Job, refusal('(#100) No.'))).toEqual([])
  })

  it('of a later page nothing is guessed: its cursor may have died', () => {
    expect(next(list(['id', 'name', partners], { after: 'c' }), refusal('(#100) No.'))).toEqual([])
  })

  it('for want of a permission, what lies below is read by itself, for this query alone', () => {
    const forbidden = new GraphError('permission', 'Not yours.', { code: 200 })
    const [again] = next(list(['id', 'name', partners]), forbidden)
    expect(again).toMatchObject({ fields: ['id', 'name'], doubt: { vague: true } })
    expect(next(again as Job, forbidden)).toEqual([])
  })
})

it('an answer about another object than was asked for is nobody’s', () => {
  const step = settle(node(['id', 'name']), { value: { id: '6', name: 'of six' } })
  expect(step.answers).toBeUndefined()
  expect(step.failures).toMatchObject([{ field: null, error: { kind: 'malformed' } }])
})
