import type { Nodes } from '../nodes/bound.ts'
import type { Sim } from '../sim.ts'
import type { World } from '../world/rows.ts'
import type { RefusedField } from './call.ts'
import type { Caller } from './caller.ts'

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
