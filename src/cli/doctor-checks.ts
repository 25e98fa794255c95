import type { Config } from '../config/config.ts'
import { StoreClock } from '../events/store-clock.ts'
import { storeVersion, type StoreVersion } from '../events/store.ts'
import { Sealer } from '../lib/seal.ts'
import { standingOfVersion } from '../graph/version-watch.ts'
import type { StoreOrRefusal } from './doctor-store.ts'

/** What a check has found, in sentences. `advice`: what to do, null when there is nothing to do. */
export interface Finding {
  /** `skipped`: nothing was looked at, so nothing is known. */
  readonly state: 'ok' | 'warning' | 'problem' | 'skipped'
  readonly says: string
  readonly advice: string | null
}

export type Examined = StoreOrRefusal & {
  readonly config: Config
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Every check by its name, in the order in which they are told. What needs the store says so when there is none. */
export const checks: Readonly<Record<string, (examined: Examined) => Finding | Promise<Finding>>> = {
  configuration: lookAtConfiguration,
  store: lookAtStore,
  database: lookAtDatabase,
  clock: lookAtClock,
  'Graph version': lookAtVersion,
  'encryption key': lookAtEncryptionKey,
}

const fine = (says: string): Finding => ({ state: 'ok', says, advice: null })
const skipped: Finding = { state: 'skipped', says: 'It is looked at when there is a store.', advice: null }

function lookAtConfiguration({ config }: Examined): Finding {
  const { apps, graphUrl } = config
  if (apps.length > 0) return fine(`App ${apps.map(({ appId }) => appId).join(', ')} against ${graphUrl}.`)
  return {
    state: 'warning',
    says: 'No app is configured, so the sandbox starts, with a simulated Graph API.',
    advice: 'For Meta set META_APP_ID and what belongs to it, or GATEWAY_CONFIG.',
  }
}

async function lookAtStore({ store, refused }: Examined): Promise<Finding> {
  if (refused === null) return lookAtStoreVersion(await store.version())
  if (!refused.startHelps) return { state: 'problem', says: refused.message, advice: null }
  const advice = 'If DATABASE_URL is right, the next start of the gateway creates it or brings it up to date.'
  return { state: 'warning', says: refused.message, advice }
}

function lookAtStoreVersion({ version, upgradedBy }: StoreVersion): Finding {
  if (version <= storeVersion) return fine(`It can be reached and has version ${version}, as this release.`)
  return {
    state: 'ok',
    says: `It has version ${version}, to which mps-gateway ${upgradedBy} has brought it; this release knows ${storeVersion} and still works on it.`,
    advice: 'That is so during a rolling upgrade, and after a way back.',
  }
}

async function lookAtClock({ store }: Examined): Promise<Finding> {
  if (store === null) return skipped
  const clock = new StoreClock(store.now, { warn: () => {} })
  await clock.measure()
  const { largeSkewSeconds: skew } = clock
  if (skew === null) return fine("This machine's clock is that of the store, within seconds.")
  return {
    state: 'warning',
    says: `This machine's clock is ${Math.abs(skew)} seconds ${skew > 0 ? 'ahead of' : 'behind'} that of the store.`,
    advice:
      'Let both be set by NTP. What instances share goes by the clock of the store; lines of the log, TLS certificates and a ' +
      'store that fails over to another machine do not.',
  }
}

/** What the store itself cannot tell: whether its server has room, and what gets through to it. */
async function lookAtDatabase({ store, config: { databasePoolSize } }: Examined): Promise<Finding> {
  if (store === null) return skipped
  const server = await store.server()
  if (!server) return fine('SQLite, for one gateway.')
  const { version, connections, connectionsInUse, notifies, hasSynchronousStandby } = server
  const free = Math.max(0, connections - connectionsInUse)
  const says = `PostgreSQL ${version} has ${free} of ${connections} connections free; an instance takes up to ${databasePoolSize}.`
  if (free < databasePoolSize)
    return { state: 'warning', says, advice: 'Raise its max_connections, or lower DATABASE_POOL_SIZE.' }
  if (!notifies) return { state: 'warning', says: `${says} ${noNotifications}`, advice: listenDirectly }
  return fine(`${says} Notifications arrive. ${hasSynchronousStandby ? onTwoServers : onOneServer}`)
}

const noNotifications =
  'No notification gets through, as behind pgbouncer: an instance looks four times a second for what others wrote.'
const listenDirectly =
  'For streams that are faster than that set DATABASE_LISTEN_URL to the address of PostgreSQL itself.'
const onTwoServers = 'There is a synchronous standby.'
const onOneServer = 'There is no synchronous standby: a failover may lose what was acknowledged last.'

function lookAtVersion({ config: { graphVersion }, now }: Examined): Finding {
  const standing = standingOfVersion(graphVersion, now)
  const end = standing.endsAt === null ? null : new Date(standing.endsAt).toISOString().slice(0, 10)
  const advice = 'Set GRAPH_API_VERSION to a newer one.'
  switch (standing.state) {
    case 'served':
      return fine(
        `${graphVersion} has not ended by what this release knows of Meta${end === null ? '' : `: it does on ${end}`}. Graph is not asked.`,
      )
    case 'ending':
      return { state: 'warning', says: `${graphVersion} ends on ${end}.`, advice }
    case 'ended':
      return { state: 'problem', says: `${graphVersion} ended on ${end}: Meta answers as another.`, advice }
  }
}

const lostWithoutKey =
  "Without TOKEN_ENCRYPTION_KEY customers' business tokens and uploaded documents are in the memory of one process: another " +
  'instance asks Meta for the tokens again, a restart loses the token of a signup that no solution brought (that customer ' +
  'has to sign up once more), and a document has to be submitted to the instance that it was uploaded to.'

async function lookAtEncryptionKey({ config: { encryptionKeys }, store }: Examined): Promise<Finding> {
  const [first, ...older] = encryptionKeys
  const advice =
    'Set it to what `openssl rand -base64 32` prints, the same for all instances, and keep a copy.'
  if (first === undefined) return { state: 'warning', says: lostWithoutKey, advice }
  const rows = (await store?.tokens.countByKey()) ?? new Map<string, number>()
  const sealer = new Sealer([first, ...older])
  const lost = [...rows].filter(([keyId]) => !sealer.keyIds.includes(keyId))
  if (lost.length > 0) return sealedByUnknown(lost.reduce((sum, [, count]) => sum + count, 0))
  if (older.length === 0) return fine('Tokens and documents are kept encrypted under it.')
  const left = [...rows].filter(([keyId]) => keyId !== sealer.keyId)
  return left.length === 0 ? secondNotNeeded : secondNeeded(left[0]?.[1] ?? 0)
}

const sealedByUnknown = (count: number): Finding => ({
  state: 'problem',
  says: `The store holds ${count} tokens that another key than TOKEN_ENCRYPTION_KEY has encrypted: they are lost without it.`,
  advice: 'Set the key that was used before behind the new one, with a comma between them.',
})

const secondNotNeeded: Finding = {
  state: 'warning',
  says: 'There are two keys, and no token in the store needs the second.',
  advice: 'Take the second away once every instance has the first.',
}

const secondNeeded = (count: number): Finding => ({
  state: 'ok',
  says: `There are two keys: the first encrypts, and ${count} tokens in the store still need the second.`,
  advice: 'Leave it for now: an instance that runs with both writes them anew within an hour.',
})
