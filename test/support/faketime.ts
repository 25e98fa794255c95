import { existsSync } from 'node:fs'

const library = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/faketime/libfaketimeMT.so.1',
].find((path) => existsSync(path))

/** Whether a process can be given another clock here. Where the tests have to be complete, it must be possible. */
export const canShiftClocks = library !== undefined || process.env['CI'] !== undefined

/** The environment of a process whose wall clock is so many seconds ahead, or behind. Its monotonic clock stays right. */
export function clockAhead(seconds: number): Readonly<Record<string, string>> {
  if (library === undefined) throw new Error('libfaketime is not installed here.')
  const offset = `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}s`
  return { LD_PRELOAD: library, FAKETIME: offset, DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' }
}
