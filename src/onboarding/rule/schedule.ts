const second = 1000
const hour = 3_600_000

/** What has arrived within this time is seen to when the rule begins. */
export const looksBackMs = 24 * hour

/** For so long an account is tried by itself; then only when something comes. */
export const triedForMs = 7 * 24 * hour

export interface Waiting {
  /** When the rule began to wait. */
  readonly since: number
  readonly mayPass: boolean
  readonly notBefore: number | null
}

/**
 * When an account is tried next: each pause is as long as everything before it, a second at first. What may pass is tried
 * each hour at least, because a look costs little; what was refused is not, because each try is a write. The times follow
 * from the beginning alone, so every instance knows them. Null when it is tried no more.
 */
export function nextTryAt({ since, mayPass, notBefore }: Waiting, now: number): number | null {
  const waited = Math.max(0, now - since)
  const doubled = second * 2 ** Math.ceil(Math.log2(Math.max(1, (waited + 1) / second)))
  const after = mayPass && waited >= hour ? (Math.floor(waited / hour) + 1) * hour : doubled
  const next = Math.max(since + after, notBefore ?? 0)
  return next - since > Math.max(triedForMs, (notBefore ?? 0) - since) ? null : next
}
