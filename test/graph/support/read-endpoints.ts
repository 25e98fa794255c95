import { readdirSync } from 'node:fs'
import type { Endpoint } from '../../../src/graph/endpoint.ts'
import { social } from './apps.ts'

const folder = new URL('../../../src/graph/endpoints/', import.meta.url)

// What the functions take: an id or a text, a page, an app, the names of node types, of edges and of tokens.
const ARGUMENTS: readonly unknown[] = [
  '123',
  { limit: 5, fields: 'id' },
  social,
  'system',
  'App',
  'Solution',
  'ClientWaba',
  'Business',
  'PhoneNumber',
  'partners',
  'phone_numbers',
]

export interface NamedEndpoint {
  readonly name: string
  readonly endpoint: Endpoint<unknown>
}

/** Every read that the endpoint modules export, found by trying what arguments make one. */
export async function readEndpoints(): Promise<readonly NamedEndpoint[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)))
  return modules.flatMap((module: Record<string, unknown>) =>
    Object.entries(module).flatMap(([name, value]) => (isFunction(value) ? found(name, value) : [])),
  )
}

type Maker = (...given: unknown[]) => unknown

const isFunction = (value: unknown): value is Maker => typeof value === 'function'

function found(name: string, make: Maker): NamedEndpoint[] {
  const byShape = new Map<unknown, NamedEndpoint>()
  for (const given of combinations(make.length)) {
    const endpoint = attempt(make, given)
    if (endpoint && !byShape.has(endpoint.expect)) byShape.set(endpoint.expect, { name, endpoint })
  }
  return [...byShape.values()]
}

function combinations(length: number): readonly (readonly unknown[])[] {
  if (length === 0) return [[]]
  const shorter = combinations(length - 1)
  return ARGUMENTS.flatMap((first) => shorter.map((others) => [first, ...others]))
}

function attempt(make: Maker, given: readonly unknown[]): Endpoint<unknown> | null {
  try {
    const made = make(...given)
    return isRead(made) ? made : null
  } catch {
    return null
  }
}

function isRead(made: unknown): made is Endpoint<unknown> {
  if (typeof made !== 'object' || made === null || !('path' in made)) return false
  const { method, path, query = {}, token, expect, reads } = made as Endpoint<unknown>
  const texts = [...path, ...Object.values(query)]
  return (
    (method === 'GET' || reads === true) &&
    expect !== undefined &&
    texts.every((text) => typeof text === 'string' && !/undefined|object/.test(text)) &&
    path.every((segment) => /^(?:[0-9]+|[a-z_]+)$/.test(segment)) &&
    ['system', 'business', 'user', 'app', 'none'].includes(token)
  )
}
