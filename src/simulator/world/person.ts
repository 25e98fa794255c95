import type { PersonRow } from './partner-side.ts'
import type { AppRow, TokenRow, World } from './rows.ts'
import { makeSecret, makeVerifyToken } from './secrets.ts'
import { changeToken, issueToken } from './token.ts'

interface NewPerson {
  readonly name: string
  /** The Solution Partner's app, on whose page the person logs in: it is the one that the token is issued for. */
  readonly hostAppId: string
  /** The Tech Provider's apps that the person picks. */
  readonly appIds: readonly string[]
  readonly scopes: readonly string[]
  /** Unix seconds. */
  readonly now: number
  readonly expiresAt?: number
}

// Guide "Embedded creation of Multi-Partner Solutions"
export const loginScopes = ['manage_app_solution', 'public_profile']

function addPersonRow(world: World, name: string, appIds: readonly string[], token: string): PersonRow {
  const person = { id: world.nextId('person'), name, appIds, token }
  world.kinds.set(person.id, 'person')
  world.people.set(person.id, person)
  changeToken(world, token, { person: { id: person.id, appIds } })
  return person
}

/** What `FB.login` leaves behind: the same guide. */
export function addPerson(world: World, input: NewPerson): PersonRow {
  const { name, hostAppId, appIds, scopes, now, expiresAt } = input
  const { token } = issueToken(world, {
    kind: 'user',
    appId: hostAppId,
    businessId: world.apps.get(appIds[0] ?? '')?.businessId ?? '',
    issuedAt: now,
    scopes,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  })
  return addPersonRow(world, name, appIds, token)
}

export const isSolutionPartner = (world: World, businessId: string): boolean =>
  [...world.creditLines.values()].some((line) => line.businessId === businessId)

/** Somebody who works on each app, and of each Tech Provider somebody logged in on the Solution Partner's page. */
export function addPeople(world: World, hostAppId: string): void {
  const own = [...world.tokens.values()].filter((row) => row.kind === 'user')
  for (const row of own) addPersonRow(world, `Developer of ${nameOf(world, row)}`, [row.appId], row.token)
  for (const { id, name } of world.apps.values()) {
    if (id === hostAppId) continue
    const now = own[0]?.issuedAt ?? 0
    addPerson(world, { name: `Founder of ${name}`, hostAppId, appIds: [id], scopes: loginScopes, now })
  }
}

const nameOf = (world: World, { appId }: TokenRow): string => world.apps.get(appId)?.name ?? appId

/** One more app of the same portfolio; it has no tokens of its own. */
export function addSisterApp(world: World, app: AppRow): AppRow {
  const id = world.nextId('app')
  const sister = {
    ...app,
    id,
    name: `${app.name} ${world.apps.size}`,
    link: `${new URL(app.link).origin}/?app_id=${id}`,
  }
  const row = { ...sister, secret: makeSecret(id), verifyToken: makeVerifyToken(id) }
  world.kinds.set(id, 'app')
  world.apps.set(id, row)
  return row
}
