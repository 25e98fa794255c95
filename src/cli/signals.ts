import type { Logger } from 'pino'
import { fail } from './fail.ts'

const patienceMs = 20_000

/** Closes on SIGTERM or SIGINT; a second signal, or 20 s, ends the process at once. */
export function closeOnSignal({ close }: { close(): Promise<void> }): void {
  let closing = false
  const stop = (): void => {
    if (closing) process.exit(1)
    closing = true
    setTimeout(() => process.exit(1), patienceMs).unref()
    close().then(() => process.exit(0), fail)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (process.env['npm_lifecycle_event'] !== undefined) whenOrphaned(stop)
}

/** npm passes a signal to the shell between it and this process, and some shells die without passing it on. */
function whenOrphaned(stop: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 250).unref()
}

/** After an error that nobody caught nothing is certain: it is logged, streams are ended, and the process goes. */
export function closeOnCrash({ close, logger }: { close(): Promise<void>; readonly logger: Logger }): void {
  const exit = (): never => process.exit(1)
  process.on('uncaughtException', (fault) => {
    logger.fatal({ err: fault }, 'an error that nobody caught: stopping')
    setTimeout(exit, patienceMs).unref()
    close().then(exit, exit)
  })
}
