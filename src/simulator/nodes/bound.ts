import { type ZodType, z } from 'zod'

import type { Params } from '../graph/params.ts'
import type { RefusedField } from '../graph/call.ts'
import type { Caller } from '../graph/caller.ts'
import type { Json } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { World } from '../world/rows.ts'

/** What one call carries with it: who calls, on which version, what it has cost so far. */
export interface Scope {
  readonly sim: Sim
  readonly world: World
  readonly nodes: Nodes
  readonly caller: Caller
  readonly version: string
  /** Fields that an injected fault refuses. */
  readonly refused: readonly RefusedField[]
  /** Objects put into the answer so far; nested edges multiply. */
  rendered: number
  /** Usage headers that this call earned. */
  readonly headers: Map<string, string>
}

/** A row bound to its node type: what each field reads, as a client may ask for it. */
export interface BoundNode {
  readonly type: string
  /** Absent for list entries that are not nodes, such as subscribed apps. */
  readonly id?: string
  /** What comes back when no fields are asked for. */
  readonly defaults: readonly string[]
  readonly fields: Readonly<Record<string, (scope: Scope) => FieldValue>>
}

/** One maker per node type, by id, so that the node files need not know each other. */
export interface Nodes {
  readonly world: World
  readonly app: Maker
  readonly business: Maker
  readonly solution: Maker
  readonly partner: Maker
  readonly waba: Maker
  readonly phone: Maker
  readonly user: Maker
  readonly creditLine: Maker
  readonly allocation: Maker
  readonly intent: Maker
}
export type Maker = (id: string) => BoundNode | undefined

export type FieldValue =
  | { readonly kind: 'value'; readonly value: Json | undefined; readonly shape: ZodType }
  | { readonly kind: 'node'; readonly node: BoundNode | undefined }
  | { readonly kind: 'edge'; readonly edge: BoundEdge }

export interface BoundEdge {
  /** `{parent id}/{edge name}`: the path it can be read at. */
  readonly path: string
  /** Parameters beside paging and fields that change the list. */
  readonly takes: readonly string[]
  readonly defaults?: readonly string[]
  /** False for the few edges that Meta shows without cursors. */
  readonly paged: boolean
  /** Keys of all rows the caller may see, in order. */
  readonly keys: (params: Params) => readonly string[]
  readonly row: (key: string) => BoundNode | undefined
}

export const value = (shape: ZodType, read: () => Json | undefined) => (): FieldValue => ({
  kind: 'value',
  value: read(),
  shape,
})

/** Graph knows the field, and leaves it out where nothing stands in it. */
export const absent = value(z.undefined(), () => undefined)

export const node = (read: () => BoundNode | undefined) => (): FieldValue => ({ kind: 'node', node: read() })

export const edge =
  (read: (scope: Scope) => BoundEdge) =>
  (scope: Scope): FieldValue => ({
    kind: 'edge',
    edge: read(scope),
  })
