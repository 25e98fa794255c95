import type { TokenRow, World } from './rows.ts'
import { makeToken } from './secrets.ts'

export const sixtyDays = 60 * 24 * 3600

/** Whether a token works at that instant (unix seconds). */
export const lives = ({ expiresAt, revoked }: TokenRow, now: number): boolean =>
  revoked === undefined && (expiresAt === undefined || expiresAt > now)

/** One more token beside those that are there; no two are alike. */
export function issueToken(world: World, row: Omit<TokenRow, 'token'>): TokenRow {
  const token = makeToken(row.kind, row.appId, row.businessId, `issue ${world.tokens.size}`)
  const issued = { ...row, token }
  world.tokens.set(token, issued)
  return issued
}

/** The app's token for a customer that let it in: the one that works, or a new one for one that ended. */
export function businessToken(
  world: World,
  appId: string,
  businessId: string,
  now: number,
): TokenRow | undefined {
  const known = [...world.tokens.values()].filter(
    (row) => row.kind === 'business' && row.appId === appId && row.businessId === businessId,
  )
  const letIn = known.filter((row) => row.revoked !== 458)
  if (letIn.length === 0) return undefined
  const living = letIn.find((row) => lives(row, now))
  return living ?? issueToken(world, { kind: 'business', appId, businessId, issuedAt: now })
}

/** The customer lets the app in: it gets a token, unless it has one that works. `now` is in unix seconds. */
export function letIn(world: World, appId: string, businessId: string, now: number): void {
  if (businessToken(world, appId, businessId, now) === undefined)
    issueToken(world, { kind: 'business', appId, businessId, issuedAt: now })
}

export function changeToken(world: World, token: string, change: Partial<TokenRow>): void {
  const row = world.tokens.get(token)
  if (row !== undefined) world.tokens.set(token, { ...row, ...change })
}

/** A customer that removes an app takes its tokens along. */
export function revokeBusinessTokens(world: World, appId: string, businessId: string): void {
  for (const row of world.tokens.values()) {
    const its = row.kind === 'business' && row.appId === appId && row.businessId === businessId
    if (its && row.revoked === undefined) changeToken(world, row.token, { revoked: 458 })
  }
}
