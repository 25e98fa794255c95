import { arrivalKinds } from '../events/event.ts'
import type { EventLog } from '../events/log.ts'
import { baselineAppId } from './baseline.ts'
import type { Knowledge } from './facts.ts'
import { foldFrom, knownFrom, nothingKnown } from './knowledge.ts'

const pageSize = 500

const kinds = [
  'SOLUTION_CREATED',
  'SOLUTION_UPDATED',
  ...arrivalKinds,
  'CLIENT_WABA_REMOVED',
  'CLIENT_WABA_UPDATED',
  'OTHER',
] as const

/** What the log knows by now; without anything in hand, from the newest baseline on. */
export async function catchUp(log: EventLog, appId: string, held: Knowledge | null): Promise<Knowledge> {
  const filter = { appIds: [appId, baselineAppId(appId)], kinds }
  const { known, take } = foldFrom(held ?? (await beginning(log, appId)))
  for (;;) {
    const { from, events, upTo } = await log.readAfter(known.upTo, filter, pageSize)
    // A log that went back, as after a restore, never had some of what is in hand. And of one that retention has
    // shortened since, the newest baseline knows more.
    if (held && (upTo < known.upTo || from > known.upTo)) return catchUp(log, appId, null)
    take(events, upTo)
    if (events.length < pageSize) return known
  }
}

async function beginning(log: EventLog, appId: string): Promise<Knowledge> {
  const [newest] = await log.readBefore(Number.MAX_SAFE_INTEGER, { appIds: [baselineAppId(appId)] }, 1)
  return newest ? knownFrom(appId, newest) : nothingKnown(appId)
}
