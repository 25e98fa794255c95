import type { World } from '../world/rows.ts'
import { allocationNode } from './allocation.ts'
import { appNode } from './app.ts'
import type { BoundNode, Nodes } from './bound.ts'
import { businessNode } from './business.ts'
import { creditLineNode } from './credit-line.ts'
import { intentNode } from './intent.ts'
import { partnerNode } from './partner.ts'
import { phoneNode } from './phone.ts'
import { solutionNode } from './solution.ts'
import { systemUserNode } from './system-user.ts'
import { wabaNode } from './waba.ts'

export function createNodes(world: World): Nodes {
  const nodes: Nodes = {
    world,
    app: maker(world.apps, (row) => appNode(nodes, row)),
    business: maker(world.businesses, (row) => businessNode(nodes, row)),
    solution: maker(world.solutions, (row) => solutionNode(nodes, row)),
    partner: maker(world.partners, (row) => partnerNode(nodes, row)),
    waba: maker(world.wabas, (row) => wabaNode(nodes, row)),
    phone: maker(world.phones, (row) => phoneNode(nodes, row)),
    user: maker(world.users, (row) => systemUserNode(nodes, row)),
    creditLine: maker(world.creditLines, (row) => creditLineNode(nodes, row)),
    intent: maker(world.intents, (row) => intentNode(nodes, row)),
    allocation: maker(world.credit.allocations, (row) => allocationNode(nodes, row)),
  }
  return nodes
}

const maker =
  <Row>(rows: ReadonlyMap<string, Row>, bind: (row: Row) => BoundNode) =>
  (id: string): BoundNode | undefined => {
    const row = rows.get(id)
    return row === undefined ? undefined : bind(row)
  }
