import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { get } from '../../src/graph/endpoint.ts'
import { GraphError } from '../../src/graph/error.ts'
import type { FieldTree } from '../../src/graph/fields.ts'
import type { GraphCall, NodeCall } from '../../src/reads/plan.ts'
import { interpret } from '../../src/reads/interpret.ts'

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

const node = (fields: FieldTree): NodeCall => ({
  kind: 'node',
  type: 'Solution',
  viewer: { app },
  id: '5',
  fields,
  fallback: null,
})
const list = (fields: FieldTree, query: Record<string, string> = {}): GraphCall => ({
  kind: 'list',
  fields,
  fallback: null,
  request: {
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
const after = (call: GraphCall, error: GraphError, mayGuess = true) => interpret(call, { error }, mayGuess)
const next = (call: GraphCall, error: GraphError) => after(call, error).again ?? []

describe('after a refusal', () => {
  it('the field is left out, and an expansion is read as an edge at the same time', () => {
    const call = node(['id', witness, 'name', partners])
    const again = next(call, unknown('partners', 'WhatsAppBusinessSolution'))
    expect(again).toMatchObject([
      { kind: 'node', id: '5', fields: ['id', witness, 'name'] },
      { kind: 'edge', id: '5', field: partners },
    ])
  })

  it('is believed only once the call has gone through without', () => {
    const call = list(['id', 'name', partners])
    const step = after(call, unknown('partners'))
    expect(step.learned ?? []).toEqual([])
    const [again] = step.again ?? []
    const done = interpret(again as GraphCall, { value: { data: [], after: null } }, true)
    expect(done.learned).toMatchObject([{ type: 'Solution', field: 'partners', isOfScope: false }])
  })

  it('a name that stands at two places is left out of the deeper one first', () => {
    const call = list(['id', 'status', partners])
    const [first] = next(call, unknown('status'))
    expect(first).toMatchObject({ fields: ['id', 'status', { name: 'partners', limit: 5, fields: ['id'] }] })
    const [second] = next(first as GraphCall, unknown('status'))
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

  it('of a third field, which ones are refused is found out at once', () => {
    const call = list(['id', 'name', 'status', 'owner_permissions'])
    const [first] = next(call, unknown('name'))
    const [second] = next(first as GraphCall, unknown('status'))
    expect(second).toMatchObject({ fields: ['id', 'owner_permissions'] })
    expect(after(second as GraphCall, unknown('owner_permissions'))).toMatchObject({
      probe: { call: second },
    })
  })

  it('that names nothing, the expansions are left out, then it is found out which field it is', () => {
    const vague = refusal('(#100) No.')
    const [first] = next(list(['id', 'name', partners]), vague)
    expect(first).toMatchObject({ fields: ['id', 'name'], fallback: { isGuess: true } })
    expect(after(first as GraphCall, vague)).toEqual({ probe: { call: first, error: vague } })
  })

  it('of a call of which only the id is left, it stands, and nothing is guessed there again', () => {
    const vague = refusal('(#100) No.')
    const [bare] = next(list(['id', partners]), vague)
    expect(bare).toMatchObject({ fields: ['id'] })
    expect(after(bare as GraphCall, vague)).toMatchObject({
      isGivenUp: true,
      lists: [{ outcome: { error: vague } }],
    })
    expect(after(list(['id', partners]), vague, false)).toMatchObject({ lists: [{}] })
  })

  it('that names nothing of an edge, what its rows are asked for is found out', () => {
    const edge = { ...node([]), kind: 'edge', field: partners } as const
    const vague = refusal('(#100) No.')
    expect(after(edge, vague)).toEqual({ probe: { call: edge, error: vague } })
    const bare = { ...edge, field: { ...partners, fields: ['id'] } }
    expect(after(bare, vague)).toMatchObject({
      failures: [{ field: 'partners' }],
      learned: [{ type: 'Solution', field: 'partners', edge: true, isOfScope: true }],
    })
  })

  it('of the edge itself it is refused on each object of the type that Graph names', () => {
    const edge = { ...node([]), kind: 'edge', field: partners } as const
    const unsupported = { type: 'Solution', field: 'partners', edge: true }
    const named = after(edge, unknown('partners', 'WhatsAppBusinessSolution'))
    expect(named).toMatchObject({ learned: [{ ...unsupported, isOfScope: false }], failures: [{}] })
    expect(after(edge, unknown('partners'))).toMatchObject({ learned: [{ ...unsupported, isOfScope: true }] })
  })

  it('of a later page nothing is guessed: its cursor may have died', () => {
    expect(next(list(['id', 'name', partners], { after: 'c' }), refusal('(#100) No.'))).toEqual([])
  })

  it('for want of a permission, what lies below is read by itself, of that list alone', () => {
    const forbidden = new GraphError('permission', 'Not yours.', { code: 200 })
    const [again] = next(list(['id', 'name', partners]), forbidden)
    expect(again).toMatchObject({ fields: ['id', 'name'], fallback: { unsupported: [{ isOfScope: true }] } })
    expect(after(again as GraphCall, forbidden)).toMatchObject({ isGivenUp: true, lists: [{}] })
  })

  it('for want of a permission, one of several fields may be to blame, and of one none', () => {
    const forbidden = new GraphError('permission', 'Not yours.', { code: 200 })
    expect(after(node(['id', witness, 'name', 'status']), forbidden)).toMatchObject({ probe: {} })
    expect(after(node(['id', witness, 'name']), forbidden)).toMatchObject({ failures: [{ field: null }] })
  })
})

it('an answer about another object than was asked for is nobody’s', () => {
  const step = interpret(node(['id', 'name']), { value: { id: '6', name: 'of six' } }, true)
  expect(step.answers).toBeUndefined()
  expect(step.failures).toMatchObject([{ field: null, error: { kind: 'malformed' } }])
})
