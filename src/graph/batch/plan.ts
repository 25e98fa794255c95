import type { PreparedCall } from '../prepare.ts'

type Call = PreparedCall<unknown>

// docs/graph-api/batch-requests
const MOST_ITEMS = 50
/** An answer is read as a whole and has a size limit, so reads of very many ids do not share one. */
const MOST_OBJECTS = 500

export interface BatchPlan {
  readonly alone: readonly Call[]
  readonly batches: readonly (readonly [Call, Call, ...Call[]])[]
}

/**
 * Which reads leave as one. Each app has batches of its own: the outer token is the app's, and so is its proof. Reads of
 * `?ids=` are among them: that page has an item whose `relative_url` is "?ids={result=…}".
 */
export function planBatches(calls: readonly Call[]): BatchPlan {
  const fit = calls.filter(({ isRead, credential }) => isRead && credential.kind !== 'none')
  const chunks = [...Map.groupBy(fit, (call) => call.appId).values()].flatMap(chunk)
  const batches = chunks.filter((items): items is [Call, Call, ...Call[]] => items.length > 1)
  const together = new Set(batches.flat())
  return { alone: calls.filter((call) => !together.has(call)), batches }
}

function chunk(calls: readonly Call[]): (readonly Call[])[] {
  const chunks: Call[][] = []
  let objects = 0
  for (const call of calls) {
    const last = chunks.at(-1)
    objects += call.objects.length
    if (last && last.length < MOST_ITEMS && objects <= MOST_OBJECTS) last.push(call)
    else {
      chunks.push([call])
      objects = call.objects.length
    }
  }
  return chunks
}
