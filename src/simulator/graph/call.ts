import type { Json } from '../json.ts'
import type { GraphError } from './error.ts'
import type { Params } from './params.ts'

/** One Graph call, from its own HTTP request or from an item of a batch. */
export interface GraphCall {
  readonly method: string
  /** Without the version prefix; `[]` for the root. */
  readonly path: readonly string[]
  readonly version: string | undefined
  readonly params: Params
  readonly token: string | undefined
  readonly proof: string | undefined
  /** Fields that an injected fault refuses. */
  readonly refused: readonly RefusedField[]
}

export interface RefusedField {
  readonly name: string
  /** On every type when left out. */
  readonly type: string | undefined
  /** In place of Graph's own words. */
  readonly error: GraphError | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
}

/** Splits `/v27.0/123/partners` into version and path. */
export function splitPath(pathname: string): Pick<GraphCall, 'version' | 'path'> {
  const parts = pathname.split('/').filter((part) => part !== '')
  const [first, ...rest] = parts
  return first !== undefined && /^v\d/.test(first)
    ? { version: first, path: rest }
    : { version: undefined, path: parts }
}
