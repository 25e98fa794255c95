import { createIds } from './ids.ts'
import { emptyPartnerSide } from './partner-side.ts'
import type { Kind, World } from './rows.ts'
import type { Settings } from './seed.ts'
import { emptyStanding } from './standing.ts'

export function emptyWorld(settings: Settings): World {
  return {
    ...emptyPartnerSide(),
    settings,
    kinds: new Map(),
    nextId: createIds(),
    apps: new Map(),
    businesses: new Map(),
    solutions: new Map(),
    partners: new Map(),
    wabas: new Map(),
    phones: new Map(),
    users: new Map(),
    creditLines: new Map(),
    credit: { allocations: new Map(), attachments: new Map() },
    tokens: new Map(),
    standing: emptyStanding(),
  }
}

/** Stores a new row and remembers what kind of thing its id names. */
export function put<Row extends { readonly id: string }>(
  world: World,
  kind: Kind,
  rows: Map<string, Row>,
  row: Row,
): Row {
  world.kinds.set(row.id, kind)
  rows.set(row.id, row)
  return row
}
