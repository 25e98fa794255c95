import { isObjectType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/api/schema.ts'
import { nodes, type GraphNodeType } from '../../src/graph/nodes.ts'
import { nameOf } from '../../src/graph/fields.ts'
import type { Need } from '../../src/graphql/selection.ts'
import { planReads, toRead } from '../../src/reads/plan.ts'

const app = {
  appId: '1',
  appSecrets: ['secret'] as const,
  systemToken: 'token',
  businessId: '2',
  creditLineId: null,
  verifyToken: 'verify',
}
const customer = { businessId: '3', solutionId: '4' }

const rows = Object.values(nodes).flatMap(({ name: type, fields }) =>
  Object.entries(fields).map(([name, { token }]) => ({ type, name, token })),
)
const read = rows.filter(({ type }) => type !== 'Partner')

describe('the row of a Graph field', () => {
  const tokens = (type: string, name: string, viewer: object) => {
    const request = {
      kind: 'node',
      type: type as GraphNodeType,
      id: '9',
      viewer: { app, ...viewer },
    } as const
    const { calls } = planReads([{ ...request, fields: [name] }], () => null)
    return calls.map((call) => toRead(call).endpoint.token)
  }

  it.each(read)('says which token reads $name of $type: $token', ({ type, name, token }) => {
    expect(tokens(type, name, { customer })).toEqual(['business'])
    expect(tokens(type, name, {})).toEqual(token === 'business' ? [] : ['system'])
  })

  it('is there for every Graph field that the schema needs', () => {
    const selected = { name: '', need: [], argument: () => undefined, below: () => [] }
    const needed = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields()).flatMap(({ extensions }) => {
            const need = extensions['need'] as Need | undefined
            const fields = typeof need === 'function' ? need(selected) : (need ?? [])
            return fields.map((field) => `${type.name}.${nameOf(field)}`)
          })
        : [],
    )
    expect(needed.length).toBeGreaterThan(50)
    const known = new Set(rows.map(({ type, name }) => `${type}.${name}`))
    expect(needed.filter((name) => !known.has(name))).toEqual([])
  })
})
