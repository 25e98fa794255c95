import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import type { NewEvent, StoredEvent } from '../../events/event.ts'
import { stepKinds } from '../checklist/step.ts'

const noteField = 'auto_onboard'
const events = 200

const hindranceShape = z.object({
  kind: z.enum(stepKinds),
  waitsFor: z.enum(['US', 'PARTNER', 'CUSTOMER', 'META']).nullable().catch(null),
  reason: z.string(),
})

const noteShape = z.object({
  /** Position of the arrival that the note is about. */
  arrival: z.number(),
  /** An account in a state that only a newer release knows is left to that one. */
  state: z.enum(['WAITING', 'DONE', 'LEFT_ALONE', 'GAVE_UP']).catch('LEFT_ALONE'),
  since: z.number(),
  mayPass: z.boolean(),
  notBefore: z.number().nullable(),
  /** Without those at steps that only a newer release knows. */
  hindrances: z
    .array(z.unknown())
    .transform((all) => all.flatMap((one) => hindranceShape.safeParse(one).data ?? []))
    .readonly(),
})

/** The state of the rule for an account: an event that every instance and every subscriber can read. */
export type RuleNote = z.infer<typeof noteShape>

export interface StoredNote extends RuleNote {
  readonly seq: number
  readonly appId: string
  readonly wabaId: string
}

/** Null when the event is not a note. */
export function readNote({ source, field: name, payload, ...event }: StoredEvent): StoredNote | null {
  if (source !== 'GATEWAY' || name !== noteField || event.wabaId === null) return null
  const note = noteShape.safeParse(JSON.parse(payload)).data
  return note ? { ...note, seq: event.seq, appId: event.appId, wabaId: event.wabaId } : null
}

export const noteFilter = { kinds: ['CLIENT_WABA_UPDATED'], sources: ['GATEWAY'] } as const

/** The newest note of an arrival. */
export async function newestNoteOf(ctx: Pick<Ctx, 'log'>, arrival: StoredEvent): Promise<StoredNote | null> {
  const { appId, wabaId, seq } = arrival
  const filter = { ...noteFilter, appIds: [appId], ...(wabaId !== null && { wabaId }) }
  const newest = await ctx.log.readBefore(Number.MAX_SAFE_INTEGER, filter, events)
  return newest.map(readNote).findLast((note) => note?.arrival === seq) ?? null
}

/** Two instances that append the same note store one event. */
export async function appendNote(
  ctx: Pick<Ctx, 'log' | 'clock'>,
  { appId, wabaId, solutionId }: StoredEvent,
  note: RuleNote,
  before: StoredNote | null,
): Promise<void> {
  const now = ctx.clock()
  const event: NewEvent = {
    appId,
    kind: 'CLIENT_WABA_UPDATED',
    source: 'GATEWAY',
    dedupeKey: `${noteField}:${appId}:${wabaId}:${note.arrival}:${before?.seq ?? 0}:${note.state}`,
    occurredAt: now,
    receivedAt: now,
    field: noteField,
    event: `AUTO_ONBOARD_${note.state}`,
    solutionId,
    wabaId,
    ownerBusinessId: null,
    reportedStatus: null,
    payload: JSON.stringify(note),
  }
  await ctx.log.append([event])
}
