import {
  GraphQLError,
  getNamedType,
  getOperationAST,
  getVariableValues,
  typeFromAST,
  validateInputValue,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql'
import { allowedValues } from './redact.ts'
import type { Variables } from './price.ts'

const MAX_ERRORS = 5

type Problem = { path: Path; type: GraphQLInputType; reason: string }

const missing = 'missing'

/**
 * What is wrong with the variables, said without repeating a single value: they may hold tokens, and errors
 * end up in logs. Null when nothing is wrong, or when there is no such operation.
 */
export function checkVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
  operationName?: string,
): readonly GraphQLError[] | null {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
  const inexact = definitions.flatMap((definition) => inexactError(schema, definition, variables))
  if (inexact.length > 0) return inexact.slice(0, MAX_ERRORS)
  const options = { maxErrors: 1, hideSuggestions: true }
  if (getVariableValues(schema, definitions, variables, options).errors === undefined) return null
  const errors: GraphQLError[] = []
  for (const definition of definitions) {
    if (errors.length >= MAX_ERRORS) break
    const found = problemsOf(schema, definition, variables, MAX_ERRORS - errors.length)
    errors.push(...found.map((problem) => coercionError(definition, problem)))
  }
  return errors.length > 0 ? errors : [unexplained]
}

/** An id that was sent as such a number is lost. An Int is out of range and refused as that. */
function inexactError(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Variables,
): GraphQLError[] {
  const [type, name] = [typeFromAST(schema, definition.type), definition.variable.name.value]
  const path = Object.hasOwn(variables, name) ? inexactIn(variables[name]) : null
  if (path === null || !isInputType(type) || getNamedType(typeAt(type, path)).name === 'Int') return []
  const message = `${nameOf(definition, path)} is a number with more digits than a JSON number keeps: send it as a string.`
  return [new GraphQLError(message, { nodes: definition, extensions })]
}

function problemsOf(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Variables,
  room: number,
): Problem[] {
  const type = typeFromAST(schema, definition.type)
  const name = definition.variable.name.value
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined
  if (!isInputType(type) || (value === undefined && definition.defaultValue !== undefined)) return []
  if (value === undefined && isNonNullType(type)) return [{ path: [], type, reason: missing }]
  const problems: Problem[] = []
  stopWhenFull(() =>
    validateInputValue(
      value,
      type,
      (error, path) => {
        problems.push({ path, type: typeAt(type, path), reason: reasonIn(error.message) })
        if (problems.length >= room) throw full
      },
      true,
    ),
  )
  return problems
}

// graphql-js stops at the first exception of its callback, and at nothing else.
const full = new Error('enough problems')

function stopWhenFull(look: () => void): void {
  try {
    look()
  } catch (error) {
    if (error !== full) throw error
  }
}

function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  let here = type
  for (const step of path) {
    const bare = isNonNullType(here) ? here.ofType : here
    const next = typeof step === 'number' ? isListType(bare) && bare.ofType : fieldType(bare, step)
    if (next === false || next === undefined) return here
    here = next
  }
  return here
}

function fieldType(type: GraphQLInputType, field: string): GraphQLInputType | undefined {
  // A single value may stand for a list of one.
  const item = isListType(type) ? type.ofType : type
  const bare = isNonNullType(item) ? item.ofType : item
  return isInputObjectType(bare) ? bare.getFields()[field]?.type : undefined
}

function reasonIn(message: string): string {
  const about = /(to include required|not to include unknown) field "(\w{1,64})"/.exec(message)
  if (about === null) return ''
  return about[1] === 'to include required' ? `: field "${about[2]}" is missing` : `: no field "${about[2]}"`
}

function coercionError(definition: VariableDefinitionNode, { path, type, reason }: Problem): GraphQLError {
  const name = nameOf(definition, path)
  const message =
    reason === missing
      ? `${name} is missing: its type is ${type}.${allowedValues(type)}`
      : `${name} is not a valid ${type}${reason}.${allowedValues(type)}`
  return new GraphQLError(message, { nodes: definition, extensions })
}

function nameOf(definition: VariableDefinitionNode, path: Path): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return `Variable "$${definition.variable.name.value}${steps}"`
}

const extensions = { code: 'BAD_USER_INPUT', http: { spec: true, status: 400 } }
const unexplained = new GraphQLError('The variables do not fit the operation.', { extensions })

/** Where a value stands in another. */
type Path = readonly (string | number)[]

interface Place {
  readonly value: unknown
  readonly key: string | number | null
  readonly within: Place | null
}

/**
 * The path of a number that JSON.parse has changed: a whole one beyond 2^53, whose last digits are lost, so that it would be
 * another id. Null when there is none. Not by recursion: nesting may be deep.
 */
function inexactIn(value: unknown): Path | null {
  const open: Place[] = [{ value, key: null, within: null }]
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const here = place.value
    if (typeof here === 'number' && Math.abs(here) > Number.MAX_SAFE_INTEGER) return pathOf(place)
    if (typeof here !== 'object' || here === null) continue
    const isList = Array.isArray(here)
    for (const [key, item] of Object.entries(here))
      open.push({ value: item, key: isList ? Number(key) : key, within: place })
  }
  return null
}

function pathOf(place: Place): Path {
  const path: (string | number)[] = []
  for (let here: Place | null = place; here !== null; here = here.within)
    if (here.key !== null) path.unshift(here.key)
  return path
}
