import type { ZodType } from 'zod'
import { get, type Endpoint, type TokenKind } from '../endpoint.ts'
import { numberPath } from './number-path.ts'
import {
  appShape,
  businessShape,
  creditAllocationShape,
  creditLineShape,
  phoneNumberShape,
  solutionShape,
  wabaShape,
} from '../nodes.ts'
import type {
  AppNode,
  BusinessNode,
  CreditAllocationNode,
  CreditLineNode,
  PhoneNumberNode,
  SolutionNode,
  WabaNode,
} from '../nodes.ts'

/** Nodes that are read by id, and what each looks like. */
export interface GraphNodes {
  App: AppNode
  Solution: SolutionNode
  ClientWaba: WabaNode
  Business: BusinessNode
  PhoneNumber: PhoneNumberNode
  CreditLine: CreditLineNode
  CreditAllocation: CreditAllocationNode
}
export type GraphNodeType = keyof GraphNodes

const shapes: { [T in GraphNodeType]: ZodType<GraphNodes[T]> } = {
  App: appShape,
  Solution: solutionShape,
  ClientWaba: wabaShape,
  Business: businessShape,
  PhoneNumber: phoneNumberShape,
  CreditLine: creditLineShape,
  CreditAllocation: creditAllocationShape,
}

const pathOf = (type: GraphNodeType, id: string): readonly string[] =>
  type === 'PhoneNumber' ? numberPath(id) : [id]

/** GET /{id}. Several that are read at once are items of one batch: `?ids=` has been gone since 2026-10-27. */
export const readNode = <T extends GraphNodeType>(
  type: T,
  id: string,
  fields: string,
  token: TokenKind,
): Endpoint<GraphNodes[T]> => ({
  ...get(pathOf(type, id), { fields }, shapes[type] as ZodType<GraphNodes[T]>, token),
  node: type,
})
