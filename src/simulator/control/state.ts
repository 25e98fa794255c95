import { seconds } from '../clock.ts'
import type { Sim } from '../sim.ts'
import type { CreditLineRow } from '../world/credit-rows.ts'
import type { AppRow, BusinessRow, SolutionRow, TokenRow, WabaRow } from '../world/rows.ts'
import { partnersOf } from '../world/solution.ts'
import {
  type AllocationState,
  type AttachmentState,
  allocationStates,
  attachmentStates,
} from './credit-state.ts'
import { type PartnerState, type PhoneState, partnerState, phoneState } from './partner-state.ts'

export interface SimulatorState extends PartnerState {
  readonly now: string
  readonly apps: readonly AppState[]
  readonly businesses: readonly BusinessRow[]
  readonly solutions: readonly SolutionState[]
  readonly accounts: readonly AccountState[]
  readonly tokens: readonly TokenState[]
  readonly creditLines: readonly CreditLineRow[]
  readonly allocations: readonly AllocationState[]
  readonly attachments: readonly AttachmentState[]
  readonly pendingWebhooks: number
}

export interface TokenState {
  readonly kind: TokenRow['kind'] | 'app'
  readonly token: string
  readonly appId: string
  /** The portfolio it speaks for: the app's own, or the customer's. */
  readonly businessId?: string
  /** Unix seconds, when it has an end. */
  readonly expiresAt?: number
  /** Whether it was taken back. */
  readonly revoked?: true
}

export interface AppState {
  readonly appId: string
  readonly appSecret: string
  readonly systemToken: string
  readonly businessId: string
  readonly creditLineId?: string
  readonly verifyToken: string
  readonly name: string
  readonly systemUserId: string
  readonly callbackUrl: string | null
  readonly fields: readonly string[]
  readonly requireAppSecret: boolean
}

export interface SolutionState {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly pending: string
  readonly ownerAppId: string
  readonly partners: readonly { id: string; appId: string; status: string }[]
}

export interface AccountState {
  readonly id: string
  readonly name: string
  readonly ownerBusinessId: string
  readonly sharedWith: readonly string[]
  readonly solutionIds: readonly string[]
  readonly createdAt: number
  readonly subscribedApps: readonly string[]
  readonly assignedUsers: readonly { id: string; tasks: readonly string[] }[]
  readonly phoneNumbers: readonly PhoneState[]
}

function appState({ world, subscriptions }: Sim, app: AppRow): AppState {
  const subscription = subscriptions.get(app.id)
  const system = [...world.tokens.values()].find((row) => row.kind === 'system' && row.appId === app.id)
  const line = [...world.creditLines.values()].find((row) => row.businessId === app.businessId)
  return {
    appId: app.id,
    appSecret: app.secret,
    systemToken: system?.token ?? '',
    businessId: app.businessId,
    ...(line === undefined ? {} : { creditLineId: line.id }),
    verifyToken: subscription?.verifyToken ?? app.verifyToken,
    name: app.name,
    systemUserId: app.systemUserId,
    callbackUrl: subscription?.callbackUrl ?? null,
    fields: subscription?.fields ?? [],
    requireAppSecret: app.requireAppSecret,
  }
}

function solutionState({ world }: Sim, solution: SolutionRow): SolutionState {
  const { id, name, status, pending, ownerAppId } = solution
  const partners = partnersOf(world, solution).map((row) => ({
    id: row.id,
    appId: row.appId,
    status: row.status,
  }))
  return { id, name, status, pending, ownerAppId, partners }
}

function accountState(sim: Sim, waba: WabaRow): AccountState {
  const { world } = sim
  const phones = waba.phoneIds.flatMap((phoneId) => world.phones.get(phoneId) ?? [])
  return {
    id: waba.id,
    name: waba.name,
    ownerBusinessId: waba.ownerBusinessId,
    sharedWith: waba.sharedWith,
    solutionIds: waba.solutionIds,
    createdAt: waba.createdAt,
    subscribedApps: [...waba.subscribed.keys()],
    assignedUsers: [...waba.assigned].map(([id, tasks]) => ({ id, tasks })),
    phoneNumbers: phones.map((phone) => phoneState(sim, phone)),
  }
}

const endOf = ({ expiresAt, revoked }: TokenRow): Pick<TokenState, 'expiresAt' | 'revoked'> => ({
  ...(expiresAt === undefined ? {} : { expiresAt }),
  ...(revoked === undefined ? {} : { revoked: true }),
})

function tokensOf({ world }: Sim): TokenState[] {
  const kept = [...world.tokens.values()].map((row): TokenState => {
    const { kind, token, appId, businessId } = row
    return { kind, token, appId, businessId, ...endOf(row) }
  })
  const own = [...world.apps.values()].map((app): TokenState => {
    return { kind: 'app', token: `${app.id}|${app.secret}`, appId: app.id }
  })
  return [...kept, ...own]
}

export function stateOf(sim: Sim): SimulatorState {
  const { world, clock, outbox } = sim
  return {
    now: new Date(seconds(clock.now()) * 1000).toISOString(),
    apps: [...world.apps.values()].map((app) => appState(sim, app)),
    businesses: [...world.businesses.values()],
    solutions: [...world.solutions.values()].map((solution) => solutionState(sim, solution)),
    accounts: [...world.wabas.values()].map((waba) => accountState(sim, waba)),
    tokens: tokensOf(sim),
    creditLines: [...world.creditLines.values()],
    allocations: allocationStates(world),
    attachments: attachmentStates(world),
    ...partnerState(sim),
    pendingWebhooks: outbox.pending(),
  }
}
