/** What the record of an exchanged code says: the account, and the process that has the token in memory. */
interface Made {
  /** Null as long as it is not known which account the token opens. */
  readonly wabaId: string | null
  /** Null in records of an older version. */
  readonly holder: string | null
}

export const printMade = (wabaId: string | null, holder: string): string => `${wabaId ?? ''}@${holder}`

export function readMade(made: string): Made {
  const [wabaId = '', holder] = made.split('@')
  return { wabaId: wabaId === '' ? null : wabaId, holder: holder ?? null }
}
