import type { Random } from '../random.ts'

/** One way of doing harm. */
export interface Fault {
  readonly name: string
  /** How often it is chosen beside the others. */
  readonly weight: number
  /** Resolves when the harm is over and may be recovered from. */
  run(random: Random): Promise<void>
}

export function choose<T extends { readonly weight: number }>(faults: readonly T[], random: Random): T {
  const draw = random.next() * faults.reduce((sum, { weight }) => sum + weight, 0)
  let sum = 0
  return faults.find(({ weight }) => (sum += weight) > draw) ?? random.pick(faults)
}
