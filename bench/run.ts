import { printTable } from './support/print.ts'
import { describeMachine } from './support/machine.ts'
import { readOptions, usage, type Options } from './support/options.ts'
import type { Row } from './support/row.ts'
import { bigPosts } from './big-posts.ts'
import { broadcast } from './broadcast.ts'
import { calls } from './calls.ts'
import { crowd } from './crowd.ts'
import { fanout } from './fanout.ts'
import { files } from './files.ts'
import { instances } from './instances.ts'
import { latency } from './latency.ts'
import { log } from './log.ts'
import { memory } from './memory.ts'
import { once } from './once.ts'
import { plan } from './plan.ts'
import { query } from './query.ts'
import { stalled } from './stalled.ts'
import { start } from './start.ts'
import { strangeAnswers } from './strange-answers.ts'
import { webhooks } from './webhooks.ts'
import { write } from './write.ts'

const benches: Readonly<Record<string, (options: Options) => Promise<Row[]>>> = {
  query,
  webhooks,
  bigPosts,
  start,
  fanout,
  crowd,
  broadcast,
  latency,
  stalled,
  strangeAnswers,
  log,
  plan,
  memory,
  once,
  write,
  instances,
}

// What runs for us ends with the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const { names, ...options } = read()
const isWanted = (name: string): boolean => names.length === 0 || names.includes(name)

console.log(`${describeMachine()}

Each server runs in a process of its own, the load in this one, all on this machine. Where two servers are
compared they take turns; figures are medians of the rounds, the first of each is thrown away. A ratio is the
gateway's rate to the bare server's; of processor time, the bare server's to the gateway's: more is better.
`)
const rows: Row[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (!isWanted(name)) continue
  console.error(`${name} …`)
  rows.push(...(await bench(options)))
}
if (rows.length > 0) printTable(rows)
if (isWanted('calls')) {
  console.error('calls …')
  await calls(options)
}
if (isWanted('files')) {
  console.error('files …')
  await files(options)
}

function read() {
  try {
    const given = readOptions(process.argv.slice(2))
    const known = [...Object.keys(benches), 'calls', 'files']
    const unknown = given.names.filter((name) => !known.includes(name))
    if (unknown.length === 0) return given
    throw new Error(`No such benchmark: ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    process.exit(1)
  }
}
