import { put } from './create.ts'
import type { IntentRow, IntentStatus } from './intent.ts'
import type { WabaRow, World } from './rows.ts'
import { makeNamespace } from './secrets.ts'
import { appIdsOf } from './solution.ts'
import { letIn } from './token.ts'

const ninetyDays = 90 * 24 * 3_600_000

/** Puts an intent into its next state, with what that brings about. `now` is in unix seconds. */
export function settleIntent(world: World, intent: IntentRow, status: IntentStatus, now: number): IntentRow {
  const accepts = intent.status === 'INITIATED' && status !== 'REJECTED'
  const next = accepts ? { ...accept(world, intent, now), status } : { ...intent, status }
  world.intents.set(next.id, next)
  return next
}

/** Guide "Adding a WABA to a Multi-Partner Solution": after 90 days of silence accepted and confirmed by itself. */
export function settleOldIntents(world: World, nowMs: number): void {
  for (const intent of world.intents.values()) {
    const silent = intent.flow === 'add' && intent.status === 'INITIATED'
    if (silent && nowMs - intent.createdAt >= ninetyDays) {
      settleIntent(world, intent, 'COMPLETED', Math.floor(nowMs / 1000))
    }
  }
}

function accept(world: World, intent: IntentRow, now: number): IntentRow {
  const waba = world.wabas.get(intent.wabaId)
  if (waba === undefined) return intent
  const appIds = appsAfter(world, intent)
  for (const appId of appIds) letIn(world, appId, waba.ownerBusinessId, now)
  const portfolios = appIds.flatMap((id) => world.apps.get(id)?.businessId ?? [])
  const solutionIds = intent.solutionId === undefined ? [] : [intent.solutionId]
  if (intent.flow !== 'add') {
    const made = addDestination(world, waba, [...new Set(portfolios)], solutionIds, now)
    return { ...intent, destinationWabaId: made.id }
  }
  const sharedWith = [...new Set([...waba.sharedWith, ...portfolios])]
  world.wabas.set(waba.id, { ...waba, sharedWith, solutionIds: [...waba.solutionIds, ...solutionIds] })
  return { ...intent, destinationWabaId: waba.id }
}

/** Who has the account once it has arrived: the parties of the solution, or the one app that it leaves with. */
function appsAfter(world: World, { solutionId, appId }: IntentRow): string[] {
  const solution = world.solutions.get(solutionId ?? '')
  return solution === undefined ? [appId] : appIdsOf(world, solution)
}

/** The guides on moving speak of a destination account of the same customer, without numbers at first. */
function addDestination(
  world: World,
  from: WabaRow,
  sharedWith: readonly string[],
  solutionIds: readonly string[],
  createdAt: number,
): WabaRow {
  const id = world.nextId('waba')
  return put(world, 'waba', world.wabas, {
    ...from,
    id,
    namespace: makeNamespace(id),
    sharedWith,
    solutionIds,
    phoneIds: [],
    createdAt,
    subscribed: new Map<string, string | null>(),
    assigned: new Map<string, readonly string[]>(),
  })
}
