import { accessSync, chmodSync, constants, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { remove, runFolder } from './run-folder.ts'

/** Linux's file system in memory, where a sync takes no time. A container may have little of it. */
const memory = '/dev/shm'
const enough = 2 * 1024 ** 3

/** One folder for everything temporary of a run, gone with the run. */
export default function setup(): () => void {
  const folder = runFolder(hasMemory() ? memory : tmpdir(), 'mps-gateway-tests')
  // PostgreSQL runs as another user where the tests run as root.
  chmodSync(folder, 0o711)
  process.env['TMPDIR'] = folder
  return () => remove(folder)
}

function hasMemory(): boolean {
  try {
    accessSync(memory, constants.W_OK)
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= enough
  } catch {
    return false
  }
}
