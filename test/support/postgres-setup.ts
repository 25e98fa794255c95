import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { startPgbouncer, type Pgbouncer } from './pgbouncer.ts'
import { PostgresProcess } from './postgres-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the address of the run's PostgreSQL, which it starts for the first who asks. */
    readonly postgresStarter: string
  }
}

/** One PostgreSQL, and one pgbouncer before it, for all test files of a run, started when the first needs it and stopped at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresProcess> | null = null
  let pooler: Promise<Pgbouncer> | null = null
  const starter = createServer(({ url: path }, res) => {
    // No test crashes its machine, so nothing has to be on the disk; what does test that starts its own.
    server ??= PostgresProcess.start('fsync=off')
    const started = server
    const asked = started.then(async ({ url }) => {
      if (path !== '/pgbouncer') return url
      pooler ??= startPgbouncer(url)
      return (await pooler).through(url)
    })
    asked.then(
      (url) => res.end(url),
      (error: unknown) => res.writeHead(500).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(starter, 'listening')
  project.provide('postgresStarter', `http://127.0.0.1:${(starter.address() as AddressInfo).port}`)
  return async () => {
    starter.closeAllConnections()
    starter.close()
    await (await pooler?.catch(() => null))?.[Symbol.asyncDispose]()
    const started = await server?.catch(() => null)
    await started?.stop()
  }
}
