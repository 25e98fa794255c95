/** What of a migration a release that does not know it could not work beside, or would have to wait for. */
export function objectionsTo(sql: string): readonly string[] {
  const statements = statementsIn(sql)
  const made = statements.flatMap((statement) => /^CREATE TABLE (\w+)/.exec(statement)?.[1] ?? [])
  const added = statements.flatMap(
    (statement) => /^ALTER TABLE \w+ ADD COLUMN (\w+)/.exec(statement)?.[1] ?? [],
  )
  return statements.filter((statement) => !isAdditive(statement, { made, added }))
}

interface Own {
  /** Tables that the migration makes. */
  readonly made: readonly string[]
  /** Columns that it adds to others. */
  readonly added: readonly string[]
}

/** An allow list: what is not known to be harmless is objected to. */
function isAdditive(statement: string, { made, added }: Own): boolean {
  if (/^CREATE (TABLE|FUNCTION) (?!IF NOT EXISTS)/.test(statement)) return true
  const [, table = '', rest = ''] =
    /^(?:CREATE (?:UNIQUE )?INDEX \w+ ON|INSERT INTO|ALTER TABLE|UPDATE) (\w+) ?(.*)$/.exec(statement) ?? []
  if (made.includes(table)) return true
  if (statement.startsWith('ALTER')) return isAddedColumn(rest)
  // Nobody may append events while an index over them is built.
  if (statement.startsWith('CREATE')) return table !== 'events' && isOverAdded(rest, added)
  // One row.
  return (
    table === 'log' &&
    statement.startsWith('UPDATE') &&
    added.some((name) => rest.startsWith(`SET ${name} =`))
  )
}

/** Others leave it out, so it has a default or may be null; a constant default rewrites no row. */
function isAddedColumn(rest: string): boolean {
  const [, more] = /^ADD COLUMN \w+ (?:TEXT|INTEGER|BLOB|bigint|bytea)(.*)$/.exec(rest) ?? []
  return more !== undefined && /^( NOT NULL)? DEFAULT ('[^']*'|\d+)$|^$/.test(more)
}

/** Others leave an added column null: what they write is not in the index, or unique in it, as any number of nulls is. */
function isOverAdded(rest: string, added: readonly string[]): boolean {
  const [, columns = '', where = ''] =
    /^\(([^)]*)\)(?: WHERE (\w+) IS NOT NULL(?: AND .*)?| WHERE .*)?$/.exec(rest) ?? []
  return added.includes(where) || columns.split(',').some((column) => added.includes(column.trim()))
}

/** A function's body, between two `$$`, belongs to its statement. */
function statementsIn(sql: string): readonly string[] {
  return sql
    .split('$$')
    .flatMap((part, index) => (index % 2 === 1 ? [part.replaceAll(';', ' ')] : [part]))
    .join('$$')
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '')
}
