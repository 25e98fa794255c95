import { startLoneGateway } from '../../http/support/lone-gateway.ts'
import { PostgresProcess } from '../../support/postgres-process.ts'

/** Starts what tests start, says where it is, and goes on for ever. */
const gateway = await startLoneGateway()
const postgres = await PostgresProcess.start('fsync=off')
process.stdout.write(`${gateway.url} ${postgres.url}\n`)
setInterval(() => {}, 1_000)
