import type { Params } from '../graph/params.ts'
import type { Scope } from '../nodes/bound.ts'
import type { Json } from '../json.ts'

export interface RouteCall {
  readonly scope: Scope
  /** The node in the path, already found visible to the caller. */
  readonly id: string
  readonly params: Params
}

/** Writes, and the reads that are not edges of a node. */
export type Route = (call: RouteCall) => Json | Promise<Json>
