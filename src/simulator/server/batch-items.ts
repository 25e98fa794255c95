import type { Ending } from '../faults/ending.ts'
import type { RunItem } from '../graph/batch.ts'
import type { Sim } from '../sim.ts'
import { run } from './run.ts'
import { underFaults } from './under-faults.ts'

/** All but a page of HTML, which is never one item's answer. */
const kinds = [
  ...(['error', 'latency', 'hang', 'reset', 'truncate', 'throttle'] as const),
  ...(['unknownField', 'lostReply', 'nullItem'] as const),
]

interface Items {
  readonly run: RunItem
  /** What the whole batch comes to after its items. */
  readonly settle: (ending: Ending) => Ending
}

/** Items share one connection: the first fault that breaks it ends the batch, after the other items are done. */
export function runItems(sim: Sim, stop: AbortSignal): Items {
  let broken: Ending['kind'] | undefined
  const runItem: RunItem = async (item) => {
    const ending = await underFaults(sim, item, kinds, stop, (call) => run(sim, call))
    if (ending.kind !== 'answer' && ending.kind !== 'null') broken ??= ending.kind
    return 'answer' in ending ? ending.answer : null
  }
  const settle = (whole: Ending): Ending => {
    if (broken === undefined || whole.kind !== 'answer') return whole
    if (broken === 'half') return { kind: 'half', answer: whole.answer }
    return broken === 'drop' || broken === 'reset' || broken === 'hang' ? { kind: broken } : whole
  }
  return { run: runItem, settle }
}
