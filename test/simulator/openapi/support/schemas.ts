import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'

import answers from '../../../fixtures/openapi/answers.json' with { type: 'json' }

interface Schema {
  readonly $ref?: string
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: boolean
}

const routes: Readonly<Record<string, Schema>> = answers.routes
const definitions: Readonly<Record<string, Schema>> = answers.$defs

export const routesOfFile = Object.keys(routes)

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true })
ajv.addFormat('date-time', (text) => !Number.isNaN(Date.parse(text)))

/** An object of the file as it stands, but closed: what it does not name is a deviation as well. */
function closed(schema: Schema): Schema {
  const { properties, items, ...rest } = schema
  return {
    ...rest,
    ...(items === undefined ? {} : { items: closed(items) }),
    ...(properties === undefined
      ? {}
      : { properties: each(properties, closed), additionalProperties: false }),
  }
}

const each = (
  schemas: Readonly<Record<string, Schema>>,
  change: (schema: Schema) => Schema,
): Record<string, Schema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]))

const $defs = each(definitions, closed)
const validators = new Map<string, ValidateFunction>()

function validatorOf(route: string): ValidateFunction {
  const known = validators.get(route)
  const made = known ?? ajv.compile({ $defs, ...closed(schemaOf(route)) })
  validators.set(route, made)
  return made
}

function schemaOf(route: string): Schema {
  const schema = routes[route]
  if (schema === undefined) throw new Error(`the file has no route ${route}`)
  return schema
}

const followed = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (definitions[schema.$ref.replace('#/$defs/', '')] ?? schema)

/** The fields that the file gives the node of a route, or the rows of its list. */
export function fieldsOf(route: string): string[] {
  const whole = followed(schemaOf(route)).properties ?? {}
  const node = whole.data?.items === undefined ? whole : followed(whole.data.items).properties
  return Object.keys(node ?? {})
}

/** Where and how an answer is not what the file says, e.g. `data/*\/status is "CONNECTED"`. */
export function deviationsOf(route: string, answer: unknown): string[] {
  const validate = validatorOf(route)
  if (validate(answer)) return []
  return [...new Set((validate.errors ?? []).map((error) => deviation(error, answer)))].sort()
}

function deviation({ instancePath, keyword, params }: ErrorObject, answer: unknown): string {
  const place = instancePath.replaceAll(/\/\d+(?=\/|$)/g, '/*').slice(1)
  switch (keyword) {
    case 'required':
      return `lacks ${inside(place, params.missingProperty)}`
    case 'additionalProperties':
      return `has ${inside(place, params.additionalProperty)}`
    case 'type':
      return `${place} is no ${String(params.type)}`
    default:
      return `${place} is ${JSON.stringify(valueAt(answer, instancePath))}`
  }
}

const inside = (place: string, name: unknown): string =>
  place === '' ? String(name) : `${place}/${String(name)}`

const valueAt = (answer: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => (value as Record<string, unknown>)[part], answer)
