import { PostgresServer } from './postgres-server.ts'

/*
 * Owns a PostgreSQL server in a process of its own, so that the server ends with whoever started it even when that is
 * killed. Arguments: `--follow ADDRESS` for a standby of another, and settings of the server.
 */

export type Command = 'kill' | 'restart'
export type Answer = { readonly url: string } | { readonly failure: string }

const [first, primary = '', ...others] = process.argv.slice(2)
const starting =
  first === '--follow' ? PostgresServer.follow(primary, others) : PostgresServer.start(process.argv.slice(2))
const say = (answer: Answer): void => void (process.connected && process.send?.(answer))

/** One thing at a time: a server that is stopped while it starts would live on. */
let last: Promise<void> = inTurn(async () => {})

function inTurn(what: (server: PostgresServer) => Promise<void>, before = Promise.resolve()): Promise<void> {
  return before
    .then(() => starting)
    .then(async (server) => {
      await what(server)
      say({ url: server.url })
    })
    .catch((error: unknown) => say({ failure: String(error) }))
}

process.on('message', (command: Command) => {
  last = inTurn((server) => server[command](), last)
})
process.on('disconnect', () => {
  void inTurn((server) => server.stop(), last).finally(() => process.exit(0))
})
// Signals to a whole group are for the run: with its end the line to it ends too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
