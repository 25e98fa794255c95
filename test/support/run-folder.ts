import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** A folder for this run of the tests. Those of runs that were killed go now. */
export function runFolder(parent: string, name: string): string {
  mkdirSync(parent, { recursive: true })
  for (const other of readdirSync(parent)) {
    const [, pid] = new RegExp(`^${name}-(\\d+)-`).exec(other) ?? []
    if (pid !== undefined && !isRunning(Number(pid))) remove(join(parent, other))
  }
  return mkdtempSync(join(parent, `${name}-${process.pid}-`))
}

export const remove = (folder: string): void => rmSync(folder, { recursive: true, force: true })

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It runs, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
