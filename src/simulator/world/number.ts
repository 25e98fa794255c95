import type { NumberLife } from './partner-side.ts'
import type { World } from './rows.ts'

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
