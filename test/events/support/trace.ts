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
