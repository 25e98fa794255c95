import type { AppRow, TokenRow, World } from '../world/rows.ts'
import { badToken, noToken } from './error.ts'
import { deadToken } from './token-life.ts'

export type Caller =
  | { readonly kind: 'app'; readonly app: AppRow; readonly token: string }
  | {
      readonly kind: 'system' | 'business' | 'user'
      readonly app: AppRow
      readonly businessId: string
      readonly token: string
      readonly row: TokenRow
    }

function appCaller(world: World, token: string): Caller | undefined {
  const [id = '', secret] = token.split('|')
  const app = world.apps.get(id)
  return app !== undefined && app.secret === secret ? { kind: 'app', app, token } : undefined
}

function rowCaller(world: World, token: string): Caller | undefined {
  const row = world.tokens.get(token)
  const app = row && world.apps.get(row.appId)
  return row && app && { kind: row.kind, app, businessId: row.businessId, token, row }
}

export function findCaller(world: World, token: string): Caller | undefined {
  return token.includes('|') ? appCaller(world, token) : rowCaller(world, token)
}

/** Who calls, at an instant in unix seconds: tokens end and are taken back. */
export function identify(world: World, token: string | undefined, now: number): Caller {
  if (token === undefined || token === '') throw noToken()
  const caller = findCaller(world, token)
  if (caller === undefined) throw badToken()
  const dead = caller.kind === 'app' ? undefined : deadToken(caller.row, now)
  if (dead !== undefined) throw dead
  return caller
}
