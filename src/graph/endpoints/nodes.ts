import { z, type ZodType } from 'zod'
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
} from './shapes.ts'
import type {
  AppNode,
  BusinessNode,
  CreditAllocationNode,
  CreditLineNode,
  PhoneNumberNode,
  SolutionNode,
  WabaNode,
} from './shapes.ts'

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

const shapesById = {
  App: z.record(z.string(), appShape),
  Solution: z.record(z.string(), solutionShape),
  ClientWaba: z.record(z.string(), wabaShape),
  Business: z.record(z.string(), businessShape),
  PhoneNumber: z.record(z.string(), phoneNumberShape),
  CreditLine: z.record(z.string(), creditLineShape),
  CreditAllocation: z.record(z.string(), creditAllocationShape),
}

const pathOf = (type: GraphNodeType, id: string): readonly string[] =>
  type === 'PhoneNumber' ? numberPath(id) : [id]

export const readNode = <T extends GraphNodeType>(
  type: T,
  id: string,
  fields: string,
  token: TokenKind,
): Endpoint<GraphNodes[T]> => ({
  ...get(pathOf(type, id), { fields }, shapes[type] as ZodType<GraphNodes[T]>, token),
  node: type,
})

/** GET /?ids=a,b: an object keyed by id. 50 ids at most, one token for all. */
export const readNodes = <T extends GraphNodeType>(
  type: T,
  ids: readonly string[],
  fields: string,
  token: TokenKind,
): Endpoint<Record<string, GraphNodes[T]>> => ({
  ...get([], { ids: ids.join(','), fields }, byIdOf(type), token),
  node: type,
})

function byIdOf<T extends GraphNodeType>(type: T): ZodType<Record<string, GraphNodes[T]>> {
  return shapesById[type] as ZodType<Record<string, GraphNodes[T]>>
}
