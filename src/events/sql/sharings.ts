import type { Sharing, SharingOf, SharingStore } from '../sharings.ts'
import { textOrNull, where } from './rows.ts'
import type { SqlRow, Sql } from './sql.ts'

const atMost = 1000

export class SqlSharings implements SharingStore {
  readonly #sql: Sql

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async save({
    appId,
    allocationId,
    wabaId,
    businessId,
    creditLineId,
    attached,
    sharedAt,
  }: Sharing): Promise<void> {
    await this.#sql.write(
      `INSERT INTO sharings (app_id, allocation_id, waba_id, business_id, credit_line_id, attached, shared_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (app_id, allocation_id, waba_id) DO UPDATE SET
         business_id = excluded.business_id,
         credit_line_id = COALESCE(sharings.credit_line_id, excluded.credit_line_id),
         attached = CASE WHEN excluded.attached = 1 THEN 1 ELSE sharings.attached END`,
      appId,
      allocationId,
      wabaId ?? ofBusiness,
      businessId,
      creditLineId,
      attached ? 1 : 0,
      sharedAt,
    )
  }

  async find(of: SharingOf, appIds: readonly string[]): Promise<readonly Sharing[]> {
    const [column, id] = conditionOf(of)
    const ours = where({ appIds })
    const rows = await this.#sql.read(
      `SELECT * FROM sharings WHERE ${column} = ? AND ${ours.sql}
       ORDER BY shared_at DESC, allocation_id DESC, waba_id DESC LIMIT ${atMost}`,
      id,
      ...ours.values,
    )
    return rows.map(toSharing)
  }
}

/** In place of an account's id: part of a key cannot be null. */
const ofBusiness = ''

function conditionOf(of: SharingOf): readonly [column: string, id: string] {
  if ('wabaId' in of) return ['waba_id', of.wabaId]
  return 'allocationId' in of ? ['allocation_id', of.allocationId] : ['business_id', of.businessId]
}

function toSharing(row: SqlRow): Sharing {
  const wabaId = String(row['waba_id'])
  return {
    appId: String(row['app_id']),
    allocationId: String(row['allocation_id']),
    wabaId: wabaId === ofBusiness ? null : wabaId,
    businessId: String(row['business_id']),
    creditLineId: textOrNull(row['credit_line_id']),
    attached: Number(row['attached']) === 1,
    sharedAt: Number(row['shared_at']),
  }
}
