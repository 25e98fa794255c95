import { type Field, type Modifier, parseFields } from '../fields/parse.ts'
import { type Json, type JsonObject, isObject } from '../json.ts'
import type { BoundEdge, BoundNode, FieldValue, Scope } from '../nodes/bound.ts'
import { invalid, tooMuch, unknownField } from './error.ts'
import { pageOf } from './paging.ts'
import { type Params, text } from './params.ts'
import { refuseAliases } from './removed.ts'
import { checked } from './shape.ts'

const mostObjects = 20_000
const paging = new Set(['limit', 'after', 'before'])

export const plain = (names: readonly string[]): Field[] => names.map((name) => ({ name, modifiers: [] }))

export function requestedFields(params: Params): Field[] | undefined {
  const source = text(params, 'fields')
  if (source === undefined || source === '') return undefined
  const fields = parseFields(source)
  refuseAliases(fields)
  return fields
}

/** One object with the fields asked for; the id always comes along. */
export function renderNode(node: BoundNode, fields: readonly Field[] | undefined, scope: Scope): JsonObject {
  scope.rendered += 1
  if (scope.rendered > mostObjects) throw tooMuch()
  const chosen = fields ?? plain(node.defaults)
  const entries = chosen.map((field) => [field.name, renderField(node, field, scope)] as const)
  return { ...Object.fromEntries(entries), ...(node.id === undefined ? {} : { id: node.id }) }
}

function renderField(node: BoundNode, field: Field, scope: Scope): Json | undefined {
  const value = fieldOf(node, field.name, scope)
  switch (value.kind) {
    case 'value':
      noArguments(field)
      return narrow(checked(`${node.type}.${field.name}`, value.shape, value.value), field, scope)
    case 'node':
      noArguments(field)
      return value.node && renderNode(value.node, field.fields, scope)
    case 'edge':
      return renderEdge(value.edge, edgeParams(field, value.edge), field.fields, scope)
  }
}

export function fieldOf(node: BoundNode, name: string, scope: Scope): FieldValue {
  const read = Object.hasOwn(node.fields, name) ? node.fields[name] : undefined
  if (read === undefined) throw unknownField(name, node.type)
  notRefused(scope, name, node.type)
  return read(scope)
}

function notRefused({ refused }: Scope, name: string, type: string): void {
  const hit = refused.find((field) => field.name === name && (field.type ?? type) === type)
  if (hit) throw hit.error ?? unknownField(name, type)
}

export function renderEdge(
  edge: BoundEdge,
  params: Params,
  fields: readonly Field[] | undefined,
  scope: Scope,
): JsonObject {
  const chosen = fields ?? (edge.defaults && plain(edge.defaults))
  const render = (key: string): JsonObject[] => {
    const row = edge.row(key)
    return row === undefined ? [] : [renderNode(row, chosen, scope)]
  }
  if (!edge.paged) return { data: edge.keys(params).flatMap(render) }
  const page = pageOf(edge, params, fields, scope)
  return { data: page.keys.flatMap(render), paging: page.paging }
}

function noArguments(field: Field): void {
  const [other] = field.modifiers
  if (other !== undefined) throw invalid(`Field ${field.name} does not take ${other.name}()`)
}

function narrow(value: Json | undefined, field: Field, scope: Scope): Json | undefined {
  if (field.fields === undefined || value === undefined) return value
  if (!isObject(value)) throw invalid(`Subfields are not supported by ${field.name}`)
  return Object.fromEntries(
    field.fields.map((inner) => {
      if (!Object.hasOwn(value, inner.name)) throw unknownField(inner.name, field.name)
      notRefused(scope, inner.name, field.name)
      return [inner.name, value[inner.name]]
    }),
  )
}

/** Quoted arguments are unwrapped; the rest stays as written. */
const argumentOf = ({ argument }: Modifier): string =>
  /^"(.*)"$/s.exec(argument.trim())?.[1] ?? argument.trim()

function edgeParams(field: Field, edge: BoundEdge): Params {
  for (const { name } of field.modifiers) {
    if (!paging.has(name) && !edge.takes.includes(name)) {
      throw invalid(`Edge ${field.name} does not take ${name}()`)
    }
  }
  return new Map(field.modifiers.map((modifier) => [modifier.name, argumentOf(modifier)]))
}
