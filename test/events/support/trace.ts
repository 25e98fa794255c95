import { readFileSync } from 'node:fs'

export interface Trace {
  readonly acknowledgements: number
  readonly syncs: number
  /** Acknowledgements that went out while something written to the log had not been synced. */
  readonly early: readonly string[]
}

/** Reads what `strace -f -y` saw of an appender: a line per call, with the file's name beside its number. */
export function readTrace(path: string): Trace {
  const early: string[] = []
  let [acknowledgements, syncs, isDirty] = [0, 0, false]
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, call = '', file = ''] = /^\d+\s+(\w+)\(\d+<([^>]*)>/.exec(line) ?? []
    if (call === 'pwrite64' && file.endsWith('-wal')) isDirty = true
    if (call.endsWith('sync') && file.endsWith('-wal')) {
      syncs++
      isDirty = false
    }
    if (call === 'write' && line.includes('"traced-')) {
      acknowledgements++
      if (isDirty || syncs === 0) early.push(line)
    }
  }
  return { acknowledgements, syncs, early }
}

export interface PostgresTrace extends Trace {
  /** Answers of the database that went out while its process had written to the log and not synced it. */
  readonly earlyAnswers: readonly string[]
}

/** The same of an appender with one sender and of the database's processes, traced together. */
export function readPostgresTrace(path: string): PostgresTrace {
  const [early, earlyAnswers] = [[] as string[], [] as string[]]
  const dirty = new Set<string>()
  let [acknowledgements, syncs, syncsBefore] = [0, 0, 0]
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, pid = '', call = '', file = ''] = /^(\d+)\s+(\w+)\(\d+<([^>]*)>/.exec(line) ?? []
    const isLog = file.includes('/pg_wal/')
    if (call.startsWith('pwrite') && isLog) dirty.add(pid)
    if (call.endsWith('sync') && isLog) {
      syncs++
      dirty.delete(pid)
    }
    if (call === 'sendto' && dirty.has(pid)) earlyAnswers.push(line)
    if (call === 'write' && line.includes('"traced-')) {
      acknowledgements++
      if (syncs === syncsBefore) early.push(line)
      syncsBefore = syncs
    }
  }
  return { acknowledgements, syncs, early, earlyAnswers }
}
