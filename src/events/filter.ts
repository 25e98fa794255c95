import type { StoredEvent } from './event.ts'
import type { EventFilter } from './log.ts'

/** The filter in plain code, for events that are in memory. */
export function matcherOf({ appIds, kinds, sources, solutionId, wabaId }: EventFilter) {
  const [apps, ofKind, from] = [new Set(appIds), kinds && new Set(kinds), sources && new Set(sources)]
  return (event: StoredEvent): boolean =>
    apps.has(event.appId) &&
    (ofKind?.has(event.kind) ?? true) &&
    (from?.has(event.source) ?? true) &&
    (solutionId === undefined || solutionId === event.solutionId) &&
    (wabaId === undefined || wabaId === event.wabaId)
}
