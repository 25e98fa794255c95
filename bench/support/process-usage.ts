import { readFileSync } from 'node:fs'

// USER_HZ is 100 on every Linux that Node runs on (man 5 proc).
const tickMs = 10

/** Milliseconds of processor time that a process has used so far; NaN where there is no /proc. */
export function cpuMs(pid: number): number {
  const stat = read(pid, 'stat')
  // The name of the command stands in brackets and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Bytes of memory that a process has resident; NaN where there is no /proc. */
export function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(pid, 'status'))?.[1]) * 1024
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
