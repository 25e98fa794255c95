import { z } from 'zod'

import { seconds } from '../clock.ts'
import type { JsonObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { addPerson, addSisterApp, loginScopes } from '../world/person.ts'
import type { AppRow } from '../world/rows.ts'
import { ControlError } from './error.ts'

/** "Short-lived" tokens last hours (page "Get long-lived tokens"). */
const lifetime = 2 * 3600

export const Login = z.strictObject({
  /** The Solution Partner's app, whose page it is; the first app when left out. */
  host_app_id: z.string().optional(),
  /** What the person picks there; the second app when left out. */
  app_ids: z.array(z.string()).min(1).max(20).optional(),
  /** So many further apps of the same Tech Provider are made and picked too. */
  more_apps: z.int().min(0).max(20).default(0),
  scopes: z.array(z.string()).max(20).default(loginScopes),
})

function appOf({ world }: Sim, id: string | undefined): AppRow {
  const app = world.apps.get(id ?? '')
  if (app === undefined) throw new ControlError(404, `There is no app ${id ?? ''}`)
  return app
}

/** Plays somebody of a Tech Provider who logs in with `FB.login` on a Solution Partner's page. */
export function login(sim: Sim, input: z.output<typeof Login>): JsonObject {
  const { world, clock } = sim
  const [first, second] = [...world.apps.keys()]
  const host = appOf(sim, input.host_app_id ?? first)
  const picked = (input.app_ids ?? [second]).map((id) => appOf(sim, id))
  const more = Array.from({ length: input.more_apps }, () => addSisterApp(world, picked[0] ?? host))
  const appIds = [...picked, ...more].map((app) => app.id)
  const now = seconds(clock.now())
  const rest = { scopes: input.scopes, now, expiresAt: now + lifetime }
  const { id, token } = addPerson(world, { name: 'Somebody', hostAppId: host.id, appIds, ...rest })
  return { user_id: id, user_token: token, expires_in: lifetime, app_ids: appIds }
}
