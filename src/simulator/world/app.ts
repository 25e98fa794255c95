import { put } from './create.ts'
import type { AppRow, World } from './rows.ts'
import { makeSecret, makeToken, makeVerifyToken } from './secrets.ts'

interface NewApp {
  readonly id: string
  readonly name: string
  readonly link: string
  readonly businessId: string
  readonly createdAt: number
}

function secretRequired(world: World, id: string): boolean {
  const required = world.settings.requireAppSecret
  return typeof required === 'boolean' ? required : required.includes(id)
}

/** A partner's app with its portfolio, its admin system user and its tokens. */
export function addApp(world: World, { createdAt, ...app }: NewApp): AppRow {
  const { businessId } = app
  const systemUserId = world.nextId('user')
  put(world, 'business', world.businesses, {
    id: businessId,
    name: app.name,
    verificationStatus: 'verified',
    createdAt,
  })
  put(world, 'user', world.users, {
    id: systemUserId,
    name: `${app.name} system user`,
    businessId,
    role: 'ADMIN',
  })
  for (const kind of ['system', 'user'] as const) {
    const token = makeToken(kind, app.id)
    world.tokens.set(token, { kind, token, appId: app.id, businessId, issuedAt: createdAt })
  }
  return put(world, 'app', world.apps, {
    ...app,
    secret: makeSecret(app.id),
    verifyToken: makeVerifyToken(app.id),
    systemUserId,
    requireAppSecret: secretRequired(world, app.id),
  })
}
