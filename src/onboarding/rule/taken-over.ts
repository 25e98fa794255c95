import type { Ctx } from '../../context.ts'
import type { StoredEvent } from '../../events/event.ts'
import { readAudit } from '../../writes/audit.ts'
import { eventsReceivedSince } from '../../events/page.ts'
import type { StepKind } from '../checklist/step.ts'

const undoing = new Set([
  'unsubscribe_app',
  'revoke_credit_allocation',
  'deregister_phone_number',
  'unassign_user',
])
const doing = new Map<string, StepKind>([
  ['subscribe_app', 'WEBHOOKS_SUBSCRIBED'],
  ['share_credit_line', 'CREDIT_SHARED'],
])

type Arrival = Pick<StoredEvent, 'seq' | 'appId' | 'wabaId' | 'ownerBusinessId' | 'receivedAt'>

/**
 * The steps that the rule no longer takes for an arrival, because they have been taken since. Null when a person has undone
 * one: then the account is left to that person.
 */
export function stepsTaken(arrival: Arrival, events: readonly StoredEvent[]): ReadonlySet<StepKind> | null {
  const since = events.filter((event) => event.seq > arrival.seq && isAbout(arrival, event))
  if (since.some((event) => undoing.has(event.field) && outcomeOf(event) !== 'REFUSED')) return null
  const done = since.filter((event) => outcomeOf(event) === 'DONE' && countsFor(arrival, event))
  return new Set(done.flatMap(({ field }) => doing.get(field) ?? []))
}

/** Credit belongs to the account, whichever app shared it. A subscription belongs to one app. */
const countsFor = ({ appId }: Arrival, event: StoredEvent): boolean =>
  event.appId === appId || event.field === 'share_credit_line'

/** Revoking an allocation concerns all accounts of a business. */
const isAbout = ({ wabaId, ownerBusinessId }: Arrival, event: StoredEvent): boolean =>
  event.wabaId === wabaId ||
  (event.kind === 'CREDIT_REVOKED' && ownerBusinessId !== null && event.ownerBusinessId === ownerBusinessId)

const outcomeOf = ({ payload }: StoredEvent): string | undefined => readAudit(payload)?.outcome

/** The writes of this gateway since the account arrived, through any app, and the revocations for its owner. */
export async function actionsSince(ctx: Ctx, arrival: Arrival): Promise<readonly StoredEvent[]> {
  const { wabaId, receivedAt } = arrival
  const ours = { appIds: ctx.apps.map(({ appId }) => appId), sources: ['GATEWAY'] } as const
  const [ofAccount, revoked] = await Promise.all([
    wabaId === null ? [] : eventsReceivedSince(ctx.log, { ...ours, wabaId }, receivedAt),
    eventsReceivedSince(ctx.log, { ...ours, kinds: ['CREDIT_REVOKED'] }, receivedAt),
  ])
  return [...ofAccount, ...revoked]
}
