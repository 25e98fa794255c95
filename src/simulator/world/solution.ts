import { put } from './create.ts'
import type { PartnerRow, PartnerStatus, PendingRequest, SolutionRow, SolutionStatus, World } from './rows.ts'

// Meta's guide "Multi-Partner Solutions", sample answer of GET /{solution}?fields=owner_permissions
const defaultTasks = [
  'MANAGE',
  'DEVELOP',
  'MANAGE_TEMPLATES',
  'MANAGE_PHONE',
  'VIEW_COST',
  'MANAGE_EXTENSIONS',
  'VIEW_PHONE_ASSETS',
  'MANAGE_PHONE_ASSETS',
  'VIEW_TEMPLATES',
  'VIEW_INSIGHTS',
]
const withDefaults = (tasks: readonly string[]): string[] => [...new Set([...defaultTasks, ...tasks])]

interface NewSolution {
  readonly name: string
  readonly ownerAppId: string
  readonly ownerTasks: readonly string[]
  readonly partners: readonly { readonly appId: string; readonly tasks: readonly string[] }[]
  readonly status: SolutionStatus
  readonly pending: PendingRequest
  readonly partnerStatus: PartnerStatus
}

export function addSolution(world: World, input: NewSolution): SolutionRow {
  const id = world.nextId('solution')
  const partnerIds = input.partners.map(({ appId, tasks }) => {
    const row = { id: world.nextId('partner'), solutionId: id, appId, status: input.partnerStatus }
    return put(world, 'partner', world.partners, { ...row, tasks: withDefaults(tasks) }).id
  })
  return put(world, 'solution', world.solutions, {
    id,
    name: input.name,
    ownerAppId: input.ownerAppId,
    ownerTasks: withDefaults(input.ownerTasks),
    partnerIds,
    status: input.status,
    pending: input.pending,
  })
}

export function partnersOf(world: World, solution: SolutionRow): PartnerRow[] {
  return solution.partnerIds.flatMap((id) => world.partners.get(id) ?? [])
}

/** Owner first, then the invited apps. */
export function appIdsOf(world: World, solution: SolutionRow): string[] {
  return [solution.ownerAppId, ...partnersOf(world, solution).map((partner) => partner.appId)]
}

export function portfoliosOf(world: World, solution: SolutionRow): string[] {
  const ids = appIdsOf(world, solution).flatMap((appId) => world.apps.get(appId)?.businessId ?? [])
  return [...new Set(ids)]
}
