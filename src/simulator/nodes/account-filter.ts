import { invalid } from '../graph/error.ts'
import { type Params, objectList, text } from '../graph/params.ts'
import { type JsonObject, isList } from '../json.ts'
import type { WabaRow, World } from '../world/rows.ts'
import { portfoliosOf } from '../world/solution.ts'

type Test = (waba: WabaRow) => boolean

/** The two filters that Meta's guides show; anything else is refused. */
export function accountFilter(world: World, params: Params): Test {
  const tests = objectList(params, 'filtering').map((filter) => testOf(world, filter))
  return (waba) => tests.every((test) => test(waba))
}

function testOf(world: World, { field, operator, value }: JsonObject): Test {
  if (field === 'partners' && operator === 'ALL' && isList(value)) return byPartners(world, value.map(String))
  if (field === 'creation_time' && isTime(value)) {
    if (operator === 'GREATER_THAN') return (waba) => waba.createdAt > Number(value)
    if (operator === 'LESS_THAN') return (waba) => waba.createdAt < Number(value)
  }
  throw invalid(
    `Filtering by ${String(field)} with operator ${String(operator)} and this value is not supported`,
  )
}

const isTime = (value: JsonObject[string]): boolean => /^\d{1,12}$/.test(String(value))

/** Guide "Multi-Partner Solutions": accounts onboarded through a solution with these portfolios. */
function byPartners(world: World, portfolios: readonly string[]): Test {
  const fits = (solutionId: string): boolean => {
    const solution = world.solutions.get(solutionId)
    const parties = solution === undefined ? [] : portfoliosOf(world, solution)
    return portfolios.every((id) => parties.includes(id))
  }
  return (waba) => waba.solutionIds.some(fits)
}

/** Guide "Manage accounts": creation_time_ascending or creation_time_descending. */
export function accountOrder(params: Params, rows: readonly WabaRow[]): WabaRow[] {
  const sort = text(params, 'sort')
  switch (sort) {
    case undefined:
      return [...rows]
    case 'creation_time_ascending':
      return rows.toSorted((a, b) => a.createdAt - b.createdAt)
    case 'creation_time_descending':
      return rows.toSorted((a, b) => b.createdAt - a.createdAt)
    default:
      throw invalid(`Cannot sort by ${sort}`)
  }
}
