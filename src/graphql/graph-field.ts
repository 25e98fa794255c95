import type { Ctx } from '../context.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { FieldName, GraphNodes, GraphNodeType } from '../graph/nodes.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { firstPageSize, plan, type Need } from './selection.ts'

// What the definition of a GraphQL field says of the Graph fields behind it. A query's selection is read with it, so what
// is not said here is never asked of Graph ahead; it is read when the field is resolved.

/** Needs these fields of its Graph node. */
export const needs = (need: Need) => ({ extensions: { need } })

/** Shows one field of its Graph node, as the row of `graph/nodes.ts` has it; null when Graph gives none. */
export const asSent = <T extends GraphNodeType, Name extends FieldName<T> & keyof GraphNodes[T]>(
  type: T,
  name: Name,
) => madeFrom(type, [name], (node): NonNullable<GraphNodes[T][Name]> | null => node[name] ?? null)

/** Shows what is made of some fields of its Graph node. */
export const madeFrom = <T extends GraphNodeType, R>(
  _: T,
  fields: FieldTree,
  show: (node: Partial<GraphNodes[T]>) => R,
) => ({
  ...needs(fields),
  resolve: (node: NodeHandle<T>, _: object, { reads }: Ctx): R | Promise<R> => node.read(reads, fields, show),
})

/** Leads to another node, with what is selected of it. */
export const needsNode = (name: string) => needs((field) => [{ name, fields: plan(field.below()) }])

/** Leads to a list, whose first page rides along; one that begins further on is read by itself. */
export const needsPage = (name: string) =>
  needs((field) => {
    const limit = firstPageSize(field)
    return limit === null ? [] : [{ name, limit, fields: plan(field.below('edges', 'node')) }]
  })
