import { StoreRefused } from '../log.ts'

/** A store that is not used, why, and what to do about it. `store` names it without user and password. */
export function refuseStore(store: string, why: string, advice: string, startHelps = false): StoreRefused {
  const message = `The event store ${store} cannot be used: ${why}. Nothing was changed. ${advice}`
  return new StoreRefused(message, startHelps)
}

/** What a store says of itself. */
export interface StoreVersion {
  readonly version: number
  /** The oldest version whose releases still work on it. */
  readonly compatibleFrom: number
  readonly upgradedBy: string
}

/** Why this release cannot work on a store that a newer one has brought up to date; null when it can. */
export function refuseNewerStore(
  store: string,
  { version, compatibleFrom, upgradedBy }: StoreVersion,
  known: number,
): StoreRefused | null {
  if (known >= compatibleFrom) return null
  const why = `${versions(version, known)}, and only releases that know ${compatibleFrom} still work on it`
  const advice =
    `A newer release wrote it: start mps-gateway ${upgradedBy} again, or restore the backup that was made before the ` +
    'upgrade. What came since is not in the backup.'
  return refuseStore(store, why, advice)
}

export function refuseOlderStore(store: string, version: number, known: number): StoreRefused {
  const advice = 'Start this gateway on it first: it brings the store up to date.'
  return refuseStore(store, versions(version, known), advice, true)
}

const versions = (version: number, known: number): string =>
  `it has version ${version} and this mps-gateway knows ${known}`
