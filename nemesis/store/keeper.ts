import { PostgresServer } from '../../test/support/postgres-server.ts'

/*
 * Owns the PostgreSQL server of a run in a process of its own, so that the server ends with the run even when the
 * run is killed.
 */

export type Command = 'kill' | 'restart' | 'stop'
export type Answer = { readonly url: string } | { readonly failure: string }

const server = await PostgresServer.start()
const say = (answer: Answer): void => void process.send?.(answer)

process.on('message', (command: Command) => {
  server[command]().then(
    () => say({ url: server.url }),
    (error: unknown) => say({ failure: String(error) }),
  )
})
process.on('disconnect', () => void server.stop().finally(() => process.exit(0)))
// A terminal sends its signals to all: the run decides when the server ends.
process.on('SIGINT', () => {})
say({ url: server.url })
