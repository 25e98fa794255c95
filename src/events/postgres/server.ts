import type { DatabaseServer } from '../database-server.ts'
import type { Sql } from '../sql/sql.ts'

const select = `
  SELECT current_setting('server_version') AS version,
    current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
      - coalesce(current_setting('reserved_connections', true)::integer, 0) AS most,
    (SELECT sum(numbackends) FROM pg_stat_database)::integer AS used,
    current_setting('synchronous_standby_names') <> ''
      AND current_setting('synchronous_commit') <> 'local' AS synchronous`

export async function readServer(sql: Sql): Promise<Omit<DatabaseServer, 'notifies'>> {
  const [row] = await sql.read(select)
  return {
    version: String(row?.['version']),
    connections: Number(row?.['most']),
    connectionsInUse: Number(row?.['used']),
    hasSynchronousStandby: row?.['synchronous'] === true,
  }
}
