import { describe, expect, it } from 'vitest'
import { GraphError, type GraphOutcome } from '../../src/graph/error.ts'
import { printFields, type FieldTree } from '../../src/graph/fields.ts'
import type { NodeCall } from '../../src/reads/plan.ts'
import { findUnsupported } from '../../src/reads/probe-fields.ts'
import { appWith } from './support/graph.ts'

const witness = 'status_for_pending_request'
const vague = new GraphError('invalid', '(#100) No.', { code: 100 })
const forbidden = new GraphError('permission', 'Not yours.', { code: 10 })

const node = (fields: FieldTree): NodeCall => ({
  kind: 'node',
  type: 'Solution',
  viewer: { app: appWith('1') },
  id: '5',
  fields,
  fallback: null,
})

/** A Graph that fails each call that asks for one of these, or all. */
function closed(error: GraphError, ...to: string[]) {
  const asked: string[] = []
  const ask = async (call: unknown): Promise<GraphOutcome> => {
    const text = printFields((call as NodeCall).fields)
    asked.push(text)
    return to.some((name) => text.includes(name)) ? { error } : { value: {} }
  }
  return { ask, asked }
}

const fields: FieldTree = [
  'id',
  witness,
  'name',
  'owner_permissions',
  { name: 'owner_app', fields: ['id', 'name', 'link'] },
]
const probe = (error: GraphError) => ({ call: node(fields), error })

describe('which fields Graph refuses', () => {
  it('is found by asking for the id alone and for each field', async () => {
    const { ask, asked } = closed(vague, 'owner_permissions', 'link')
    expect(await findUnsupported(probe(vague), ask)).toMatchObject([
      { type: 'Solution', field: 'owner_permissions', isOfScope: false },
      { type: 'App', field: 'link', isOfScope: false },
    ])
    expect(asked).toEqual([
      `id,${witness}`,
      `id,${witness},name`,
      `id,${witness},owner_permissions`,
      `id,${witness},owner_app{id}`,
      `id,${witness},owner_app{id,name}`,
      `id,${witness},owner_app{id,link}`,
    ])
  })

  it('is not what lies below one that is refused', async () => {
    const { ask } = closed(vague, 'owner_app')
    expect(await findUnsupported(probe(vague), ask)).toMatchObject([{ type: 'Solution', field: 'owner_app' }])
  })

  it('is nothing when what tells the type of an object fails as well', async () => {
    expect(await findUnsupported(probe(vague), closed(vague, witness).ask)).toBeNull()
  })

  it('is of that object where a permission is wanting, and is not asked where all of it is closed', async () => {
    const { ask, asked } = closed(forbidden, 'id')
    expect(await findUnsupported(probe(forbidden), ask)).toBeNull()
    expect(asked).toEqual([`id,${witness}`])
    expect(await findUnsupported(probe(forbidden), closed(forbidden, 'owner_app').ask)).toMatchObject([
      { field: 'owner_app', isOfScope: true },
    ])
  })

  it('is not told by a failure of another kind', async () => {
    const down = new GraphError('unavailable', 'Down.', { code: 2 })
    expect(await findUnsupported(probe(vague), closed(down, 'name').ask)).toEqual([])
  })
})
