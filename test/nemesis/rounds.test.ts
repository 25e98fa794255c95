import { describe, expect, it } from 'vitest'
import { runNemesis } from '../../nemesis/nemesis.ts'
import type { Options } from '../../nemesis/options.ts'

/** Another one each time: a failure prints it. */
const seed = Date.now() % 2 ** 31

const stores: readonly Pick<Options, 'store' | 'instances' | 'rounds' | 'load'>[] = [
  { store: 'sqlite', instances: 1, rounds: 6, load: [400, 900] },
  { store: 'postgres', instances: 3, rounds: 4, load: [400, 900] },
]

// A round that hangs ends by itself and says so, before the test does.
describe.concurrent('the ledger test', () => {
  it.each(stores)(
    'over $rounds rounds of $store, $instances instance(s): each acknowledged event reaches each subscriber once, in order',
    async (options) => {
      const report = await runNemesis({ ...options, seed }, () => {})
      expect(report.isBad ? String(report) : 'nothing lost, twice, out of order or strange').toMatch(
        /^nothing/,
      )
      expect(report.rounds).toBe(options.rounds)
      expect(report.delivered).toBeGreaterThan(0)
    },
  )
})
