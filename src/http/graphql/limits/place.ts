import { BREAK, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import type { ASTNode, ASTVisitFn, DocumentNode, GraphQLInputType, GraphQLSchema } from 'graphql'

export interface Place {
  /** From the field on, as in `createSolution.input.messaging`. Names only. */
  readonly path: string
  readonly type: GraphQLInputType | null | undefined
}

/** Where in the arguments of a query a node stands; null when it stands in none. */
export function placeOf(schema: GraphQLSchema, document: DocumentNode, wanted: ASTNode): Place | null {
  const types = new TypeInfo(schema)
  let place: Place | null = null
  const enter: ASTVisitFn<ASTNode> = (node, _key, parent, _path, above) => {
    if (node !== wanted) return undefined
    const path = pathBelowField([...above, ...(parent === undefined ? [] : [parent])])
    if (path.length > 1) place = { path: path.join('.'), type: types.getInputType() }
    return BREAK
  }
  visit(document, visitWithTypeInfo(types, { enter }))
  return place
}

/** The names above a node, from the innermost field on. */
function pathBelowField(above: readonly (ASTNode | readonly ASTNode[])[]): string[] {
  const nodes = above.flatMap((one) => ('kind' in one ? [one] : []))
  const start = nodes.findLastIndex(({ kind }) => kind === Kind.FIELD)
  if (start < 0) return []
  return nodes.slice(start).flatMap((node) => ('name' in node && node.name ? [node.name.value] : []))
}
