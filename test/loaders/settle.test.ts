import { describe, expect, it } from 'vitest'
import { get } from '../../src/graph/endpoint.ts'
import { GraphError } from '../../src/graph/error.ts'
import type { FieldTree } from '../../src/graph/fields.ts'
import type { Job, NodesJob } from '../../src/loaders/job.ts'
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

const nodes = (ids: readonly string[], fields: FieldTree): NodesJob => ({
  kind: 'nodes',
  type: 'Solution',
  viewer: { app },
  ids,
  fields,
  whole: fields,
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
    const job = nodes(['5', '6'], ['id', witness, 'name', partners])
    const again = next(job, unknown('partners', 'WhatsAppBusinessSolution'))
    expect(again).toMatchObject([
      { kind: 'nodes', ids: ['5', '6'], fields: ['id', witness, 'name'] },
      { kind: 'edge', id: '5', field: partners },
      { kind: 'edge', id: '6', field: partners },
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
    expect(next(nodes(['5'], ['id', witness, 'name']), unknown(witness, 'Application'))).toEqual([])
    expect(next(nodes(['5'], ['id', witness, 'name']), unknown('name', 'Application'))).toEqual([])
  })

  it('of one id among many, each is asked alone for all that was wanted', () => {
    const job = nodes(['5', '6'], ['id', witness, 'name'])
    const alone = [
      { ids: ['5'], fields: job.whole, doubt: null },
      { ids: ['6'], fields: job.whole, doubt: null },
    ]
    expect(next(job, unknown(witness, 'Application'))).toMatchObject(alone)
    expect(next(job, new GraphError('not-found', 'Gone.', { code: 100, subcode: 33 }))).toMatchObject(alone)
    expect(next(job, new GraphError('unavailable', 'Down.', { code: 2 }))).toEqual([])
  })

  it('of one id that is over its limit, each is asked alone, and after one of the token or of who knows what, none', () => {
    const job = nodes(['5', '6'], ['id', witness, 'name'])
    const alone = [{ ids: ['5'] }, { ids: ['6'] }]
    const throttled = (details: object) => next(job, new GraphError('throttled', 'Wait.', details))
    expect(throttled({ code: 80008, httpStatus: 400 })).toMatchObject(alone)
    expect(throttled({ retryAfterSeconds: 5 })).toMatchObject(alone)
    expect(throttled({ code: 4, httpStatus: 400 })).toEqual([])
    expect(throttled({ code: 17, httpStatus: 400 })).toEqual([])
    expect(throttled({ httpStatus: 429 })).toEqual([])
  })

  it('of one id after something was left out, each is asked for all again: what was left out may be fine', () => {
    const job = nodes(['5', '6'], ['id', witness, 'name', 'owner_permissions'])
    const [again] = next(job, unknown('owner_permissions'))
    expect(again).toMatchObject({ fields: ['id', witness, 'name'] })
    const alone = next(again as Job, unknown(witness, 'Application'))
    expect(alone).toMatchObject([
      { fields: job.fields, doubt: null },
      { fields: job.fields, doubt: null },
    ])
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

describe('an answer about another object', () => {
  const mistaken = { key: expect.any(String) as string, field: null, error: { kind: 'malformed' } }

  it('is nobody’s when one was asked for', () => {
    const step = settle(nodes(['5'], ['id', 'name']), { value: { id: '6', name: 'of six' } })
    expect(step.answers).toEqual([])
    expect(step.failures).toMatchObject([mistaken])
  })

  it('takes no neighbour along', () => {
    const value = { 5: { id: '6' }, 6: { id: '6' } }
    const step = settle(nodes(['5', '6'], ['id', 'name']), { value })
    expect(step.answers).toMatchObject([{ id: '6' }])
    expect(step.failures).toMatchObject([mistaken])
  })
})

describe('an answer to many ids', () => {
  it('that leaves one out has it asked alone', () => {
    const step = settle(nodes(['5', '6'], ['id', 'name']), { value: { 5: { id: '5' } } })
    expect(step.answers).toMatchObject([{ id: '5', row: { id: '5' } }])
    expect(step.again).toMatchObject([{ kind: 'nodes', ids: ['6'] }])
  })
})
