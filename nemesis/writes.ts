import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { Random } from './random.ts'
import { PostgresProcess } from '../test/support/postgres-process.ts'
import { runWrites } from './writes/run.ts'

/*
 * node nemesis/writes.ts [--rounds N] [--seed N]
 * Every write of the API under every way in which it can end; ends non-zero when one was done twice, or told wrongly.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
})

console.log(`${values.rounds} rounds, seed ${values.seed}`)
const postgres = await PostgresProcess.start()
const place = async (): Promise<string> => {
  const schema = `writes_${randomBytes(8).toString('hex')}`
  const client = new Client(postgres.url)
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}`).finally(() => client.end())
  return `${postgres.url}?options=-csearch_path%3D${schema}`
}
const tally = await runWrites(Number(values.rounds), new Random(Number(values.seed)), place).finally(() =>
  postgres.stop(),
)
console.log(String(tally))
process.exit(tally.violations.length > 0 ? 1 : 0)
