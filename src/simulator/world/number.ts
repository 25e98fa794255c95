import type { World } from './rows.ts'

/** `EXPIRED` is what third parties have seen on numbers in use; it comes by control only. */
export const verifications = ['VERIFIED', 'NOT_VERIFIED', 'EXPIRED'] as const
export type Verification = (typeof verifications)[number]

/** What happened to a business phone number beside the row that names it. */
export interface NumberLife {
  readonly verification: Verification
  /** The code last sent to the phone; gone once it was used. */
  readonly code?: string
  readonly pin?: string
  /** `data_localization_region`, settable when the number is not registered. */
  readonly region?: string
  /** Register and deregister requests that count, in milliseconds of the simulator's clock. */
  readonly requests: readonly number[]
  /** Milliseconds; registering is refused until then. */
  readonly lockedUntil: number
  /** Callback override by app id. */
  readonly overrides: ReadonlyMap<string, string>
  /** The number under another account that this one takes the place of, until it is registered. */
  readonly replaces?: string
}

// Embedded Signup has verified a number by the time a partner sees it (guide "Registering phone numbers")
const usual: NumberLife = { verification: 'VERIFIED', requests: [], lockedUntil: 0, overrides: new Map() }

export const numberLife = (world: World, phoneId: string): NumberLife => world.numbers.get(phoneId) ?? usual

export function changeNumber(world: World, phoneId: string, change: Partial<NumberLife>): void {
  world.numbers.set(phoneId, { ...numberLife(world, phoneId), ...change })
}

/** Forgets the code without leaving an empty key behind. */
export function verifyNumber(world: World, phoneId: string): void {
  const { code: _used, ...rest } = numberLife(world, phoneId)
  world.numbers.set(phoneId, { ...rest, verification: 'VERIFIED' })
}

export function removePin(world: World, phoneId: string): void {
  const { pin: _gone, ...rest } = numberLife(world, phoneId)
  world.numbers.set(phoneId, rest)
}

export function setRegistered(world: World, phoneId: string, registered: boolean): void {
  const row = world.phones.get(phoneId)
  if (row !== undefined) world.phones.set(phoneId, { ...row, registered })
}

export function setNumberOverride(
  world: World,
  phoneId: string,
  appId: string,
  uri: string | undefined,
): void {
  const others = [...numberLife(world, phoneId).overrides].filter(([id]) => id !== appId)
  const mine: [string, string][] = uri === undefined ? [] : [[appId, uri]]
  changeNumber(world, phoneId, { overrides: new Map([...others, ...mine]) })
}
