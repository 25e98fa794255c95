import { writeFileSync } from 'node:fs'

/*
 * Loaded before a gateway. On SIGUSR2 it writes to TURNS_FILE how many milliseconds of processor time the longest turn of the
 * event loop has taken since it was asked last: time that a machine spends with other processes does not count.
 */

let [longest, before] = [0, processorMs()]

function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

setInterval(() => {
  const now = processorMs()
  longest = Math.max(longest, now - before)
  before = now
}, 1).unref()

process.on('SIGUSR2', () => {
  writeFileSync(process.env['TURNS_FILE'] ?? '', String(longest))
  longest = 0
})
