import { StoreRefused } from '../log.ts'

/** A store that is not used, why, and what to do about it. `store` names it without user and password. */
export function refuseStore(store: string, why: string, advice: string, startHelps = false): StoreRefused {
  const message = `The event store ${store} cannot be used: ${why}. Nothing was changed. ${advice}`
  return new StoreRefused(message, startHelps)
}

export function refuseNewerStore(store: string, version: number, known: number): StoreRefused {
  return refuseStore(store, versions(version, known), 'A newer release wrote it: start that one.')
}

export function refuseOlderStore(store: string, version: number, known: number): StoreRefused {
  const advice = 'Start this gateway on it first: it brings the store up to date.'
  return refuseStore(store, versions(version, known), advice, true)
}

const versions = (version: number, known: number): string =>
  `it has version ${version} and this mps-gateway knows ${known}`
