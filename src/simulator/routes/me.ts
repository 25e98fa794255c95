import { z } from 'zod'

import { notFound, unknownAlias, unknownPath } from '../graph/error.ts'
import type { Params } from '../graph/params.ts'
import { needPermission } from '../graph/permission.ts'
import { type Scope, type BoundEdge, type BoundNode, edge, value } from '../nodes/bound.ts'
import { fieldOf, renderEdge, renderNode, requestedFields } from '../graph/select.ts'
import type { Json } from '../json.ts'
import type { PersonRow } from '../world/partner-side.ts'

function myself({ world, caller }: Scope): PersonRow {
  const id = caller.kind === 'user' ? caller.row.person?.id : undefined
  const person = world.people.get(id ?? '')
  if (person === undefined) throw unknownAlias('me')
  return person
}

/** The apps that the person picked at login: guide "Embedded creation of Multi-Partner Solutions". */
function appsOf({ nodes, caller }: Scope, person: PersonRow, name: string): BoundEdge {
  needPermission(caller, 'manage_app_solution')
  const path = `${person.id}/${name}`
  return {
    path,
    takes: [],
    paged: name === 'assigned_applications',
    keys: () => person.appIds,
    row: nodes.app,
  }
}

/** The guide's prose names the second edge, which Meta's SDK knows too; its sample calls the first. */
function userNode(scope: Scope, person: PersonRow): BoundNode {
  const fields = {
    id: value(z.string(), () => person.id),
    name: value(z.string(), () => person.name),
    assigned_applications: edge(() => appsOf(scope, person, 'assigned_applications')),
  }
  const details = { application_details: edge(() => appsOf(scope, person, 'application_details')) }
  const known = scope.world.settings.applicationDetails ? { ...fields, ...details } : fields
  return { type: 'User', id: person.id, defaults: ['name'], fields: known }
}

/** `GET /me` and its edges, for the token of a person. */
export function me(scope: Scope, method: string, name: string | undefined, params: Params): Json {
  const node = userNode(scope, myself(scope))
  if (method !== 'GET') throw notFound('me', method)
  const fields = requestedFields(params)
  if (name === undefined) return renderNode(node, fields, scope)
  const found = fieldOf(node, name, scope)
  if (found.kind !== 'edge') throw unknownPath(`/me/${name}`)
  return renderEdge(found.edge, params, fields, scope)
}
