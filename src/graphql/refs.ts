import type { StoredEvent } from '../events/event.ts'
import type { PartnerNode } from '../graph/nodes.ts'
import type { Viewer } from '../graph/viewer.ts'
import type { NodeHandle } from '../reads/node-handle.ts'
import { builder } from './builder.ts'
import { connectionOf } from './connection.ts'

/** A partner's row in a solution. Graph reads it through the solution only. */
export class PartnerRow {
  readonly solution: NodeHandle<'Solution'>
  readonly row: PartnerNode

  constructor(solution: NodeHandle<'Solution'>, row: PartnerNode) {
    this.solution = solution
    this.row = row
  }

  get id(): string {
    return this.row.id
  }

  get viewer(): Viewer {
    return this.solution.viewer
  }

  get globalKey() {
    return { type: 'Partner' as const, key: `${this.solution.id}:${this.row.id}` }
  }
}

// The types refer to each other, so their names come first and each noun's file adds the fields.
export const App = builder.objectRef<NodeHandle<'App'>>('App')
export const Solution = builder.objectRef<NodeHandle<'Solution'>>('Solution')
export const Partner = builder.objectRef<PartnerRow>('Partner')
export const ClientWaba = builder.objectRef<NodeHandle<'ClientWaba'>>('ClientWaba')
export const Business = builder.objectRef<NodeHandle<'Business'>>('Business')
export const PhoneNumber = builder.objectRef<NodeHandle<'PhoneNumber'>>('PhoneNumber')
export const CreditLine = builder.objectRef<NodeHandle<'CreditLine'>>('CreditLine')
export const Event = builder.interfaceRef<StoredEvent>('Event')

export const SolutionConnection = connectionOf('Solution', Solution, 'solutions')
export const PartnerConnection = connectionOf('Partner', Partner, 'partners')
export const ClientWabaConnection = connectionOf('ClientWaba', ClientWaba, 'accounts')
export const PhoneNumberConnection = connectionOf('PhoneNumber', PhoneNumber, 'phone numbers')
