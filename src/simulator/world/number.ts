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
  /** The portfolio of the partner that registered it; undefined when it came registered. */
  readonly registeredBy?: string
  /** It is used with the WhatsApp Business app as well ("coexistence"). */
  readonly bizApp?: BizApp
}

/** Meta's page "Onboarding WhatsApp Business app users". */
export const syncTypes = ['smb_app_state_sync', 'history'] as const
export type SyncType = (typeof syncTypes)[number]

export interface BizApp {
  /** Milliseconds of the simulator's clock: each sync is taken once, within 24 hours. */
  readonly onboardedAt: number
  readonly synced: readonly SyncType[]
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

function setRegistered(world: World, phoneId: string, registered: boolean): void {
  const row = world.phones.get(phoneId)
  if (row !== undefined) world.phones.set(phoneId, { ...row, registered })
}

/** Registered for all accounts that list it, by one partner; the first stays the one that did it. */
export function register(world: World, phoneId: string, portfolio: string): void {
  const { registeredBy = portfolio, ...life } = numberLife(world, phoneId)
  world.numbers.set(phoneId, { ...life, registeredBy })
  setRegistered(world, phoneId, true)
}

/** For all accounts that list it, whichever partner asks. */
export function deregister(world: World, phoneId: string): void {
  const { registeredBy: _over, ...life } = numberLife(world, phoneId)
  world.numbers.set(phoneId, life)
  setRegistered(world, phoneId, false)
}

/** The customer uses the number with the WhatsApp Business app and here: it is live, and nobody registers it. */
export function putOnBizApp(world: World, phoneId: string, onboardedAt: number): void {
  const { pin: _none, registeredBy: _nobody, ...life } = numberLife(world, phoneId)
  world.numbers.set(phoneId, { ...life, bizApp: { onboardedAt, synced: [] } })
  setRegistered(world, phoneId, true)
}

/** The customer has left the app, and the number has to be registered like any other. */
export function takeOffBizApp(world: World, phoneId: string): void {
  const { bizApp, ...life } = numberLife(world, phoneId)
  if (bizApp === undefined) return
  world.numbers.set(phoneId, life)
  setRegistered(world, phoneId, false)
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
