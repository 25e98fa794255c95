import { kindsThat } from '../kinds.ts'
import type {
  FoundToken,
  LeftCustomer,
  NewToken,
  StoredToken,
  StoredTokenKind,
  TokenName,
  TokenSource,
  TokenStore,
  UnclaimedToken,
} from '../tokens.ts'
import type { Sealed } from '../../lib/seal.ts'
import { knownOnboarding } from './onboarding.ts'
import { textOrNull } from './rows.ts'
import type { Sql, SqlRow } from './sql.ts'

const columns = 'app_id, kind, subject, business_id, waba_id, source, key_id, sealed, digest, ends_at'
const named = 'app_id = ? AND kind = ? AND subject = ?'
const byName = ({ appId, kind, subject }: TokenName): readonly string[] => [appId, kind, subject]

const namesAtOnce = 100

export class SqlTokens implements TokenStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async find(names: readonly TokenName[]): Promise<readonly FoundToken[]> {
    const found: FoundToken[] = []
    for (let at = 0; at < names.length; at += namesAtOnce) {
      const some = names.slice(at, at + namesAtOnce)
      const any = some.map(() => `(${named})`).join(' OR ')
      found.push(...(await this.#fresh(any, some.flatMap(byName))))
    }
    return found
  }

  /** Which events may name an owner is told by the store; whether they tell of an onboarding, `knownOnboarding` decides. */
  async unclaimedOf(appId: string, businessIds: ReadonlySet<string>): Promise<readonly UnclaimedToken[]> {
    const owners = [...businessIds]
    const any = owners.map(() => '?').join(', ')
    const named = ['events', 'onboardings'].map(
      (table) => `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.waba_id = tokens.waba_id
        AND ${table}.app_id = tokens.app_id AND ${table}.owner_business_id IN (${any}))`,
    )
    const of = `app_id = ? AND kind = 'UNCLAIMED' AND waba_id IS NOT NULL AND (${named.join(' OR ')})`
    const owned: UnclaimedToken[] = []
    for (const token of await this.#fresh(of, [appId, ...owners, ...owners])) {
      const known = await knownOnboarding(this.#sql, { wabaId: token.wabaId ?? '' }, [appId])
      const { ownerBusinessId: businessId = '', solutionId = null } = known ?? {}
      if (businessIds.has(businessId)) owned.push({ ...token, businessId, solutionId })
    }
    return owned
  }

  async put({ sealed, endsAt, marginMs, lifetimeMs, ...token }: NewToken): Promise<void> {
    const { now } = this.#sql
    const [good, goodMs] =
      endsAt === null ? [`${now} + ?`, lifetimeMs] : ['CAST(? AS bigint)', endsAt - marginMs]
    await this.#sql.write(
      `INSERT INTO tokens (${columns}, fresh_until, stored_at, seq)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ${goodMs === null ? 'NULL' : good}, ${now}, ${head})
       ON CONFLICT (app_id, kind, subject) DO UPDATE SET
         business_id = excluded.business_id, waba_id = excluded.waba_id, source = excluded.source,
         key_id = excluded.key_id, sealed = excluded.sealed, digest = excluded.digest, ends_at = excluded.ends_at,
         fresh_until = excluded.fresh_until, stored_at = excluded.stored_at, seq = excluded.seq`,
      ...byName(token),
      token.businessId,
      token.wabaId,
      token.source,
      sealed.keyId,
      sealed.bytes,
      token.digest,
      endsAt,
      ...(goodMs === null ? [] : [goodMs]),
    )
  }

  async reseal(token: TokenName & Pick<StoredToken, 'digest'>, { keyId, bytes }: Sealed): Promise<void> {
    const same = `${named} AND digest = ?`
    const values = [keyId, bytes, ...byName(token), token.digest]
    await this.#sql.write(`UPDATE tokens SET key_id = ?, sealed = ? WHERE ${same}`, ...values)
  }

  async drop(appId: string, digest: string): Promise<void> {
    await this.#sql.write('DELETE FROM tokens WHERE app_id = ? AND digest = ?', appId, digest)
  }

  async release(name: TokenName, digest: string): Promise<void> {
    await this.#sql.write(`DELETE FROM tokens WHERE ${named} AND digest = ?`, ...byName(name), digest)
  }

  /** Two statements, each with one equality between the tables: over an OR of both PostgreSQL compares every pair of rows. */
  async dropLeft(of?: LeftCustomer): Promise<void> {
    const [theirs, values] = of
      ? [
          ' AND tokens.app_id = ? AND (tokens.waba_id = ? OR tokens.business_id = ?)',
          [of.appId, of.wabaId, of.ownerBusinessId],
        ]
      : ['', []]
    for (const same of [
      'events.waba_id = tokens.waba_id',
      'tokens.waba_id IS NULL AND events.owner_business_id = tokens.business_id',
    ])
      await this.#sql.write(`DELETE FROM tokens WHERE EXISTS (${departure} AND ${same})${theirs}`, ...values)
  }

  async dropOld(unclaimedMs: number): Promise<void> {
    const { now } = this.#sql
    await this.#sql.write(
      `DELETE FROM tokens WHERE fresh_until <= ${now} OR (kind = 'UNCLAIMED' AND stored_at <= ${now} - ?)`,
      unclaimedMs,
    )
  }

  async sealedBy(keyId: string, limit: number): Promise<readonly StoredToken[]> {
    const rows = await this.#sql.read(`SELECT ${columns} FROM tokens WHERE key_id = ? LIMIT ?`, keyId, limit)
    return rows.map(toToken)
  }

  async countByKey(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#sql.read('SELECT key_id, count(*) AS count FROM tokens GROUP BY key_id')
    return new Map(rows.map((row) => [String(row['key_id']), Number(row['count'])]))
  }

  async #fresh(condition: string, values: readonly string[]): Promise<readonly FoundToken[]> {
    const { now } = this.#sql
    const rows = await this.#sql.read(
      `SELECT ${columns}, fresh_until - ${now} AS fresh_ms FROM tokens
       WHERE (fresh_until IS NULL OR fresh_until > ${now}) AND (${condition})`,
      ...values,
    )
    return rows.map((row) => ({ ...toToken(row), freshMs: numberOrNull(row['fresh_ms']) }))
  }
}

/** Up to where the log goes: what happened before a token came says nothing of it. */
const head = `(SELECT coalesce((SELECT max(seq) FROM events), (SELECT start FROM retention)))`

const departures = kindsThat(({ turn }) => turn === 'DEPARTURE').map((kind) => `'${kind}'`)

const departure = `SELECT 1 FROM events WHERE events.kind IN (${departures.join(', ')})
  AND events.app_id = tokens.app_id AND events.seq > tokens.seq`

const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value)

function toToken(row: SqlRow): StoredToken {
  return {
    appId: String(row['app_id']),
    kind: row['kind'] as StoredTokenKind,
    subject: String(row['subject']),
    businessId: textOrNull(row['business_id']),
    wabaId: textOrNull(row['waba_id']),
    source: row['source'] as TokenSource,
    sealed: { keyId: String(row['key_id']), bytes: row['sealed'] as Uint8Array },
    digest: String(row['digest']),
    endsAt: numberOrNull(row['ends_at']),
  }
}
