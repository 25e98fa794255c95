import { z } from 'zod'
import { get, post, type Endpoint } from '../endpoint.ts'
import type { TokenKind } from '../viewer.ts'
import { graphIdShape } from '../shapes.ts'
import { nodes } from '../nodes.ts'

// The guides and Meta's SDK answer {"id"}, Meta's OpenAPI file {"migration_intent_id"} among other keys.
const madeShape = z.union([
  z.looseObject({ id: graphIdShape }),
  z
    .looseObject({ migration_intent_id: graphIdShape })
    .transform((made) => ({ id: made.migration_intent_id })),
])

const intentShape = z.looseObject({
  id: graphIdShape,
  status: z.string().nullish(),
  solution: nodes.Solution.shape.nullish(),
  destination_waba: nodes.ClientWaba.shape.nullish(),
  waba: nodes.ClientWaba.shape.nullish(),
})
export type IntentNode = z.infer<typeof intentShape>

/** Where an account shall go: to a solution, or out of the one it is in, to the app alone. */
export type Destination = { readonly solutionId: string } | { readonly appId: string }

/** POST /{waba-id}/set_solution_migration_intent, as the four migration guides have it; all send the business token. */
export const setMigrationIntent = (wabaId: string, to: Destination): Endpoint<{ id: string }> =>
  post(
    [wabaId, 'set_solution_migration_intent'],
    'solutionId' in to ? { solution_id: to.solutionId } : { app_id: to.appId },
    madeShape,
    'business',
  )

/** The guides read it with the business token while moving, with the system token when leaving. */
export const readMigrationIntent = (
  id: string,
  token: Extract<TokenKind, 'system' | 'business'>,
): Endpoint<IntentNode> =>
  get(
    [id],
    {
      fields:
        'id,status,waba{id,name},destination_waba{id,name},solution{id,name,status,status_for_pending_request}',
    },
    intentShape,
    token,
  )
