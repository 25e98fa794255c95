import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const asRoot = (command: string): boolean => spawnSync('/bin/sh', ['-c', command]).status === 0

export interface SmallDisk extends Disposable {
  readonly path: string
  fill(): void
  empty(): void
}

/** A disk of 3 MB; null where none can be mounted. */
export function mountSmallDisk(): SmallDisk | null {
  const path = mkdtempSync(join(tmpdir(), 'mps-gateway-small-disk-'))
  const isMounted = asRoot(`mount -t tmpfs -o size=3m mps-gateway-test ${path}`)
  const remove = (): void => {
    if (isMounted) asRoot(`umount ${path}`)
    rmSync(path, { recursive: true, force: true })
  }
  if (!isMounted) {
    remove()
    return null
  }
  const filler = join(path, 'somebody-else')
  return {
    path,
    fill: () => writeFileSync(filler, Buffer.alloc(roomOn(path))),
    empty: () => rmSync(filler),
    [Symbol.dispose]: remove,
  }
}

function roomOn(path: string): number {
  const { stdout } = spawnSync('df', ['--output=avail', '-B1', path])
  return Number(String(stdout).split('\n')[1])
}
