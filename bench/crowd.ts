import { milliseconds } from './support/figures.ts'
import { startGateway } from './support/gateway.ts'
import type { Row } from './support/row.ts'
import { createStore } from './support/store.ts'
import { subscribeBySse, subscribeByWs } from './support/subscribers.ts'

const each = 1_000

/** How long it takes until all are in who come at the same moment from one address, as after a restart. */
export async function crowd(): Promise<Row[]> {
  using store = createStore()
  await using gateway = await startGateway({ databasePath: store.path })
  const rows: Row[] = []
  for (const [kind, subscribe] of [
    ['WebSockets', subscribeByWs],
    ['SSE streams', subscribeBySse],
  ] as const) {
    using open = new DisposableStack()
    const from = performance.now()
    const all = await Promise.all(Array.from({ length: each }, () => subscribe(gateway.url, () => {})))
    rows.push({
      what: `${each.toLocaleString('en')} ${kind} of one address that come at once: until the last is in`,
      gateway: milliseconds(performance.now() - from),
    })
    for (const one of all) open.use(one)
  }
  return rows
}
