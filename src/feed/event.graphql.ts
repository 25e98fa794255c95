import type { Ctx } from '../context.ts'
import type { eventSources, StoredEvent } from '../events/event.ts'
import { readAudit, type Audit, type writeOutcomes } from '../writes/audit.ts'
import { builder } from '../graphql/builder.ts'
import { eventKindTable, eventTypeName, type EventTypeName } from '../events/kinds.ts'
import { Node } from '../graphql/node.ts'
import { PartyEnum } from '../graphql/problem.ts'
import { Event } from '../graphql/refs.ts'
import { verdictOfAccount } from '../alerts/account-events.ts'
import { verdictOfAlert } from '../alerts/alert-verdict.ts'
import type { Severity, Verdict } from '../alerts/verdict.ts'
import { sessionIn, verdictOfSession } from '../alerts/signup-session.ts'

const WriteOutcome = builder.enumType('WriteOutcome', {
  description: 'What came of a write.',
  values: {
    DONE: { description: 'Graph has done it, or was seen to have done it after a lost reply.' },
    REFUSED: { description: 'Graph refused: nothing was changed.' },
    UNKNOWN: {
      description:
        'It was sent, and whether it was made cannot be told: no definite answer came, or Graph said yes, and nothing of it ' +
        'was to be seen afterwards.',
    },
  } satisfies Record<(typeof writeOutcomes)[number], object>,
})

const GatewayWrite = builder.objectRef<Audit>('GatewayWrite').implement({
  description: 'A write of this gateway at Graph, as it was recorded.',
  fields: (t) => ({
    actor: t.exposeString('actor', {
      description:
        'Who asked: OPERATOR for the API key, LOCAL for a caller of a gateway without one, RULE for the gateway itself.',
    }),
    action: t.exposeString('verb', { description: 'What was asked for, e.g. accept.' }),
    actingAppId: t.exposeString('actingAppId', { description: 'Meta id of the app whose token was used.' }),
    object: t.exposeString('object', { description: 'What it was done to, e.g. solution:123.' }),
    outcome: t.expose('outcome', { type: WriteOutcome, description: 'What came of it.' }),
    problem: t.exposeString('problem', {
      nullable: true,
      description: 'Problem code of a refused or unknown outcome; null when it was done.',
    }),
    graphTraceId: t.exposeString('graphTraceId', {
      nullable: true,
      description: "Graph's own name of the call, for Meta's support; null when it gave none.",
    }),
    graphCode: t.exposeInt('graphCode', {
      nullable: true,
      description:
        "Graph's `error.code` of a refusal, or of its last word of an unknown outcome; null when it gave none.",
    }),
    graphSubcode: t.exposeInt('graphSubcode', {
      nullable: true,
      description: "Graph's `error.error_subcode` beside it; null when it gave none.",
    }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      description: 'What was known of the object before; null when nothing was read.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      description: 'The object as it was read afterwards; null when it was not, or could not be.',
    }),
  }),
})

// The fields of one event are resolved one after the other: of the last alone is it worth to remember the value.
let last: { readonly event: StoredEvent; readonly value: unknown } | null = null

/** What is kept of what Meta sent; null of an event that the gateway made. */
export function sentIn(event: StoredEvent): unknown {
  if (event.source !== 'WEBHOOK') return null
  if (last?.event !== event) last = { event, value: JSON.parse(event.payload) }
  return last.value
}

export const AlertSeverity = builder.enumType('AlertSeverity', {
  description:
    "How serious something is: as Meta says, where Meta does (account_alerts), else the gateway's own judgement.",
  values: {
    CRITICAL: { description: 'Something was refused, or messages cannot be sent.' },
    WARNING: {
      description:
        'Somebody should act, or look: also anything that this release of the gateway does not know.',
    },
    INFORMATIONAL: { description: 'Nothing is wrong.' },
  } satisfies Record<Severity, object>,
})

export const EventKindEnum = builder.enumType('EventKind', {
  description: 'What an event is about.',
  values: eventKindTable,
})

export const EventSourceEnum = builder.enumType('EventSource', {
  description: 'Where an event comes from.',
  values: {
    WEBHOOK: { description: 'Sent by Meta.' },
    RECONCILED: { description: 'Found by comparing with Graph: a webhook that never came.' },
    GATEWAY: { description: 'An action taken through this gateway, or a look it took.' },
  } satisfies Record<(typeof eventSources)[number], object>,
})

Event.implement({
  description:
    'Something that happened, as the log keeps it. An event that two apps were told of is there twice.',
  interfaces: [Node],
  fields: (t) => ({
    cursor: t.string({
      description: 'Position in the log: pass it as `after` to go on from here.',
      resolve: (event, _, ctx) => ctx.log.cursors.encode(event.seq),
    }),
    kind: t.expose('kind', { type: EventKindEnum, description: 'What it is about.' }),
    source: t.expose('source', { type: EventSourceEnum, description: 'Where it comes from.' }),
    occurredAt: t.expose('occurredAt', {
      type: 'DateTime',
      description:
        "Meta's own time of the event, to the second; of an event that the gateway made, or that came without a time, the gateway's.",
    }),
    receivedAt: t.expose('receivedAt', { type: 'DateTime', description: 'When the gateway stored it.' }),
    appId: t.exposeString('appId', { description: 'Meta id of the app that was told.' }),
    severity: t.field({
      type: AlertSeverity,
      nullable: true,
      description:
        'How serious it is: of events about accounts, numbers and templates, and of signups that have ended. Null of ' +
        'everything else.',
      resolve: (event) => verdictOf(event)?.severity ?? null,
    }),
    waitsFor: t.field({
      type: PartyEnum,
      nullable: true,
      description: 'Whose turn it is by that; null when nobody has to act, or nobody can say who.',
      resolve: (event) => verdictOf(event)?.waitsFor ?? null,
    }),
    write: t.field({
      type: GatewayWrite,
      nullable: true,
      description:
        'Of a GATEWAY event that a mutation left: who did what, and what came of it. Null otherwise.',
      resolve: (event) => (event.source === 'GATEWAY' ? readAudit(event.payload) : null),
    }),
  }),
})

export const isEvent = (name: EventTypeName) => (value: unknown) =>
  isStoredEvent(value) && eventTypeName(value) === name

function isStoredEvent(value: unknown): value is StoredEvent {
  return typeof value === 'object' && value !== null && 'seq' in value && 'dedupeKey' in value
}

export const isStream = (ctx: Ctx): boolean => ctx.streamPosition.cursor !== null

/** Null of what says nothing of it: a solution, an action of ours, a test, an event that nobody knows. */
function verdictOf(event: StoredEvent): Verdict | null {
  if (event.kind === 'SIGNUP_SESSION') return verdictOfSession(sessionIn(event))
  if (event.source !== 'WEBHOOK' || event.kind === 'OTHER') return null
  if (event.kind === 'ACCOUNT_ALERT') return verdictOfAlert(event.field, event.event, sentIn(event))
  return event.field === 'account_update' ? verdictOfAccount(event.event, sentIn(event)) : null
}
