import { eventSources, type NewEvent, type StoredEvent, toSource } from '../event.ts'
import { eventKinds, toKind } from '../kinds.ts'
import type { EventFilter } from '../log.ts'
import type { SqlRow, SqlValue } from './sql.ts'

export const columns =
  'app_id, kind, source, dedupe_key, occurred_at, received_at, field, event, ' +
  'solution_id, waba_id, owner_business_id, reported_status, payload'

export function toRow(event: NewEvent): SqlValue[] {
  return [
    event.appId,
    event.kind,
    event.source,
    event.dedupeKey,
    wholeNumber(event.occurredAt),
    wholeNumber(event.receivedAt),
    event.field,
    event.event,
    event.solutionId,
    event.wabaId,
    event.ownerBusinessId,
    event.reportedStatus,
    event.payload,
  ]
}

/** A time that can be written and not read back would stop every reader that comes to it. */
function wholeNumber(time: number): number {
  if (Number.isSafeInteger(time)) return time
  throw new RangeError(`An event's time is a whole number of milliseconds, not ${time}`)
}

export function fromRow(row: SqlRow): StoredEvent {
  return {
    seq: Number(row['seq']),
    appId: String(row['app_id']),
    kind: toKind(String(row['kind'])),
    source: toSource(String(row['source'])),
    dedupeKey: String(row['dedupe_key']),
    occurredAt: Number(row['occurred_at']),
    receivedAt: Number(row['received_at']),
    field: String(row['field']),
    event: textOrNull(row['event']),
    solutionId: textOrNull(row['solution_id']),
    wabaId: textOrNull(row['waba_id']),
    ownerBusinessId: textOrNull(row['owner_business_id']),
    reportedStatus: textOrNull(row['reported_status']),
    payload: String(row['payload']),
  }
}

export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

export interface Where {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** A filter as a parameterised condition: no value becomes part of the SQL text. */
export function where(filter: EventFilter): Where {
  const parts = [
    anyOf('app_id', [...new Set(filter.appIds)]),
    filter.kinds && toldAs('kind', new Set(filter.kinds), { known: eventKinds, others: 'OTHER' }),
    filter.sources && toldAs('source', new Set(filter.sources), { known: eventSources, others: 'GATEWAY' }),
    filter.solutionId === undefined ? undefined : anyOf('solution_id', [filter.solutionId]),
    filter.wabaId === undefined ? undefined : anyOf('waba_id', [filter.wabaId]),
  ].filter((part) => part !== undefined)
  return { sql: parts.map((part) => part.sql).join(' AND '), values: parts.flatMap((part) => part.values) }
}

/** No filter, for code that serves many readers and checks the rights of each itself. */
export const anything: Where = { sql: '1 = 1', values: [] }

function anyOf(column: string, values: readonly string[]): Where {
  if (values.length === 0) return { sql: '1 = 0', values: [] }
  return { sql: `${column} IN (${values.map(() => '?').join(', ')})`, values }
}

interface ClosedList {
  readonly known: readonly string[]
  /** What a value is told as that is not known. */
  readonly others: string
}

function toldAs(column: string, wanted: ReadonlySet<string>, { known, others }: ClosedList): Where {
  if (!wanted.has(others)) return anyOf(column, [...wanted])
  const unwanted = known.filter((value) => !wanted.has(value))
  if (unwanted.length === 0) return anything
  return { sql: `${column} NOT IN (${unwanted.map(() => '?').join(', ')})`, values: unwanted }
}
