import type { NewEvent } from '../event.ts'
import type { Lease } from '../leases.ts'
import { columns, toRow } from '../sql/rows.ts'
import type { SqlValue } from '../sql/sql.ts'
import type { Queryable } from './connections.ts'
import { storable } from './sql.ts'

const names = columns.split(', ')
const types: Readonly<Record<string, string>> = { occurred_at: 'bigint', received_at: 'bigint' }
const typeOf = (name: string): string => `${types[name] ?? 'text'}[]`

/**
 * The whole append is one call, so a process that is paused or disconnected after sending it holds no lock. Each statement
 * in the function sees what was committed when it started; the statements behind the lock therefore see every earlier
 * append.
 *
 * The lock makes the order of the positions the order of the commits. Without it a reader could see a position while a
 * smaller one is not committed yet, go on from there, and never see the smaller one.
 */
export const appendFunction = `
  CREATE FUNCTION append_events(
    ${names.map((name) => `given_${name} ${typeOf(name)}`).join(', ')},
    lease_name text, lease_token bigint, OUT places integer[], OUT head bigint
  ) LANGUAGE plpgsql AS $$
  DECLARE
    log_id text := (SELECT id FROM log);
    last bigint;
  BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    IF lease_name IS NOT NULL THEN
      PERFORM FROM leases WHERE name = lease_name FOR SHARE;
      PERFORM FROM leases WHERE name = lease_name AND token = lease_token
        AND expires_at > (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
      IF NOT FOUND THEN RETURN; END IF;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('mps-gateway events ' || log_id, 0));
    last := (SELECT greatest((SELECT max(seq) FROM events), start) FROM retention);
    WITH stored AS (
      INSERT INTO events (seq, ${columns})
      SELECT last + place, ${columns} FROM unnest(${names.map((name) => `given_${name}`).join(', ')})
        WITH ORDINALITY AS given (${columns}, place)
      ORDER BY place
      ON CONFLICT (dedupe_key) DO NOTHING
      RETURNING seq
    )
    SELECT coalesce(array_agg((seq - last)::integer ORDER BY seq), '{}'), coalesce(max(seq), last)
    INTO places, head FROM stored;
    INSERT INTO intake (app_id, minute, received, duplicates, last_at)
    SELECT app_id, received_at / 60000, count(*), count(*) - count(stored), max(received_at)
    FROM unnest(given_app_id, given_source, given_received_at) WITH ORDINALITY AS given (app_id, source, received_at, place)
    LEFT JOIN unnest(places) AS stored ON stored = place
    WHERE source = 'WEBHOOK' GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (app_id, minute) DO UPDATE SET received = intake.received + excluded.received,
      duplicates = intake.duplicates + excluded.duplicates, last_at = greatest(intake.last_at, excluded.last_at);
    IF cardinality(places) > 0 THEN
      PERFORM pg_notify('mps_gateway_' || log_id, head::text);
    END IF;
  END $$;
`

const call = `SELECT places, head FROM append_events(${[...names.map(typeOf), 'text', 'bigint']
  .map((type, index) => `$${index + 1}::${type}`)
  .join(', ')})`

export interface AppendResult {
  /** For each event whether it was new. Null when the lease is not held. */
  readonly isStored: readonly boolean[] | null
  readonly head: number
}

/** Throws for an event that cannot be stored, before it is sent to the database. */
export function toRows(events: readonly NewEvent[]): readonly (readonly SqlValue[])[] {
  return events.map((event) => toRow(event).map(defined))
}

function defined(value: SqlValue | undefined): SqlValue {
  if (value === undefined) throw new TypeError('An event has every field; one that is not known is null')
  return storable(value)
}

export async function appendRows(
  connection: Queryable,
  rows: readonly (readonly SqlValue[])[],
  lease: Lease | null,
): Promise<AppendResult> {
  const columns = names.map((_, index) => rows.map((row) => row[index]))
  const result = await connection.query(call, [...columns, lease?.name ?? null, lease?.token ?? null])
  const [row] = result.rows
  const places = row?.['places'] as readonly number[] | null
  if (places === null) return { isStored: null, head: 0 }
  const stored = new Set(places)
  return { isStored: rows.map((_, index) => stored.has(index + 1)), head: Number(row?.['head']) }
}
