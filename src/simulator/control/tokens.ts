import { z } from 'zod'

import { seconds } from '../clock.ts'
import { scopesOf } from '../graph/permission.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { changeToken } from '../world/token.ts'
import { ControlError } from './error.ts'

export const Tokens = z.strictObject({
  token: z.string(),
  /** From now on 190 with subcode 463. */
  expire: z.literal(true).optional(),
  /** From now on 190 with subcode 467. */
  revoke: z.literal(true).optional(),
  /** Permissions in place of those it has. */
  scopes: z.array(z.string()).max(50).optional(),
})

/** Plays what ends a token from outside: its time, or a person who takes it back. */
export function tokens(sim: Sim, { token, expire, revoke, scopes }: z.output<typeof Tokens>): JsonObject {
  const { world, clock } = sim
  if (!world.tokens.has(token)) throw new ControlError(404, 'There is no such token')
  changeToken(world, token, {
    ...(expire === undefined ? {} : { expiresAt: seconds(clock.now()) }),
    ...(revoke === undefined ? {} : { revoked: 467 }),
    ...(scopes === undefined ? {} : { scopes }),
  })
  const row = world.tokens.get(token)
  return {
    kind: row?.kind,
    app_id: row?.appId,
    expires_at: row?.expiresAt ?? 0,
    revoked: row?.revoked !== undefined,
    scopes: row === undefined ? [] : scopesOf(row),
  }
}
