import type { PreparedCall } from '../prepare.ts'

type Call = PreparedCall<unknown>

// docs/graph-api/batch-requests
const MOST_ITEMS = 50

export interface BatchPlan {
  readonly alone: readonly Call[]
  readonly batches: readonly (readonly [Call, Call, ...Call[]])[]
}

/** Which reads leave as one. Each app has batches of its own: the outer token is the app's, and so is its proof. */
export function planBatches(calls: readonly Call[]): BatchPlan {
  const fit = calls.filter(({ isRead, credential }) => isRead && credential.kind !== 'none')
  const chunks = [...Map.groupBy(fit, (call) => call.appId).values()].flatMap(chunk)
  const batches = chunks.filter((items): items is [Call, Call, ...Call[]] => items.length > 1)
  const together = new Set(batches.flat())
  return { alone: calls.filter((call) => !together.has(call)), batches }
}

function chunk(calls: readonly Call[]): (readonly Call[])[] {
  const starts = Array.from(
    { length: Math.ceil(calls.length / MOST_ITEMS) },
    (_, index) => index * MOST_ITEMS,
  )
  return starts.map((start) => calls.slice(start, start + MOST_ITEMS))
}
