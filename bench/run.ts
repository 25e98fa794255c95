import { printTable } from './support/print.ts'
import { describeMachine } from './support/machine.ts'
import type { Row } from './support/row.ts'
import { fanout } from './fanout.ts'
import { plan } from './plan.ts'
import { query } from './query.ts'
import { start } from './start.ts'
import { webhooks } from './webhooks.ts'

const benches: Readonly<Record<string, () => Promise<Row[]>>> = {
  query,
  webhooks,
  start,
  fanout,
  plan,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
  process.exit(1)
}

console.log(`${describeMachine()}

Each server runs in a process of its own, the load in this one, all on this machine. Where two servers are
compared they take turns; figures are medians of the rounds, the first of each is thrown away. A ratio is the
gateway's rate to the bare server's; of processor time, the bare server's to the gateway's: more is better.
`)
const rows: Row[] = []
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(`${name} …`)
  rows.push(...(await bench()))
}
printTable(rows)
