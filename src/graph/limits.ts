/** How much the client lets itself do. Times are in milliseconds. */
export interface Limits {
  /** Requests under way for one object, and altogether. */
  readonly perObject: number
  readonly total: number
  /** Requests that wait for their turn; their deadline runs. */
  readonly waiting: number
  /** Retries under way: a share of all requests, and what is always allowed. */
  readonly retryShare: number
  readonly retryLeast: number
  /** Tokens of an app's retry bucket, and what is taken from it or given back. */
  readonly bucket: number
  readonly retryCost: number
  readonly timeoutCost: number
  /** The breaker looks at this many results, none older than this, and opens when this share of objects fails. */
  readonly breakerResults: number
  readonly breakerWindow: number
  readonly breakerShare: number
  readonly probeEvery: number
  /** An app's own token that was refused so often in a row is tried once in this time, for each kind of call. */
  readonly tokenRefusals: number
  readonly tokenProbeEvery: number
  /** The longest that a read is held back when an allowance runs low. */
  readonly slowest: number
}

// Retry share and floor are Envoy's retry budget, the bucket is the AWS SDKs', the probe's pace Hystrix' sleep window.
export const LIMITS: Limits = {
  perObject: 10,
  total: 100,
  waiting: 1000,
  retryShare: 0.2,
  retryLeast: 3,
  bucket: 500,
  retryCost: 5,
  timeoutCost: 10,
  breakerResults: 50,
  breakerWindow: 10_000,
  breakerShare: 0.8,
  probeEvery: 5000,
  tokenRefusals: 3,
  tokenProbeEvery: 30_000,
  slowest: 1000,
}
