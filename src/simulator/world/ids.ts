import type { Kind } from './rows.ts'

// Each kind counts through a range of its own, so ids of two kinds never meet.
// Partner rows and credit lines are longer than a double can hold, as Graph ids may be.
const ranges: Record<Kind, bigint> = {
  allocation: 58_000_000_000_000n,
  solution: 795_000_000_000_000n,
  waba: 102_000_000_000_000n,
  user: 122_000_000_000_000n,
  app: 681_000_000_000_000n,
  phone: 1_106_000_000_000_000n,
  credential: 1_480_000_000_000_000n,
  business: 2_329_000_000_000_000n,
  person: 3_022_000_000_000_000n,
  intent: 5_310_000_000_000_000n,
  submission: 7_460_000_000_000_000n,
  partner: 17_602_000_000_000_000n,
  creditLine: 19_702_000_000_000_000n,
}
const step = 33_057_731n

/** The n-th id of a kind is the same in every world: what happened before decides nothing else. */
export function createIds(): (kind: Kind) => string {
  const used = new Map<Kind, bigint>()
  return (kind) => {
    const n = (used.get(kind) ?? 0n) + 1n
    used.set(kind, n)
    return (ranges[kind] + n * step).toString()
  }
}
