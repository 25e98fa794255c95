import type { HelpTopic, Party } from '../../errors/problem.ts'
import { blockerCodes, placeOf, type BlockerCode } from './code.ts'

/** Something that keeps a customer from sending, or soon will, as one of those who look for such has found it. */
export interface Found {
  readonly code: BlockerCode
  /** For a person to read. */
  readonly message: string
  /** Milliseconds since 1970; null when nobody told. */
  readonly since: number | null
  readonly waitsFor: Party
  readonly blocksSending: boolean
  /** The mutation that takes it away, when the app may use one. */
  readonly action: string | null
  readonly help: HelpTopic | null
}

type Said = { readonly message: string } & Partial<Omit<Found, 'code' | 'message'>>

export function found(code: BlockerCode, { waitsFor, since = null, action = null, ...said }: Said): Found {
  const row = blockerCodes[code]
  return { code, since, action, ...row, ...said, waitsFor: waitsFor ?? row.waitsFor }
}

/** One for each code, the one that blocks and is older before others; what blocks comes first, and then what is urgent. */
export function inOrder(all: readonly Found[]): readonly Found[] {
  const byCode = Map.groupBy(all, ({ code }) => code)
  const each = [...byCode.values()].flatMap((same) => same.toSorted(byWeight)[0] ?? [])
  return each.toSorted(
    (a, b) => Number(b.blocksSending) - Number(a.blocksSending) || placeOf(a.code) - placeOf(b.code),
  )
}

const byWeight = (a: Found, b: Found): number =>
  Number(b.blocksSending) - Number(a.blocksSending) || (a.since ?? Infinity) - (b.since ?? Infinity)
