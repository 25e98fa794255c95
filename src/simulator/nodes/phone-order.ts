import { invalid } from '../graph/error.ts'
import { type Params, text } from '../graph/params.ts'
import type { WabaRow, World } from '../world/rows.ts'

// Meta's OpenAPI file writes .asc and .desc; a third party that asked the live API learned of these instead
const orders = new Map([
  ['creation_time_ascending', 1],
  ['creation_time_descending', -1],
  ['last_onboarded_time_ascending', 1],
  ['last_onboarded_time_descending', -1],
])

export function phoneOrder({ phones }: World, waba: WabaRow, params: Params): readonly string[] {
  const sort = text(params, 'sort')
  if (sort === undefined) return waba.phoneIds
  const direction = orders.get(sort)
  if (direction === undefined) throw invalid(`Cannot sort by ${sort}`)
  const time = (id: string): number => phones.get(id)?.onboardedAt ?? 0
  return waba.phoneIds.toSorted((a, b) => direction * (time(a) - time(b)))
}
