import { setTimeout as sleep } from 'node:timers/promises'

import { refusedFields } from '../faults/answer.ts'
import { type Ending, endingOf } from '../faults/ending.ts'
import type { Target } from '../faults/faults.ts'
import type { Rule } from '../faults/rule.ts'
import { asksFor } from '../fields/print.ts'
import type { Answer, GraphCall } from '../graph/call.ts'
import { findCaller } from '../graph/caller.ts'
import { requestedFields } from '../graph/select.ts'
import type { Sim } from '../sim.ts'

/** Does a call, or an item of a batch, as the rules that strike it let it be done. */
export async function underFaults(
  sim: Sim,
  call: GraphCall,
  kinds: readonly Rule['kind'][],
  stop: AbortSignal,
  work: (call: GraphCall) => Promise<Answer>,
): Promise<Ending> {
  const rules = sim.faults.strike(targetOf(call), kinds)
  const delay = rules.reduce((sum, rule) => sum + (rule.kind === 'latency' ? rule.ms : 0), 0)
  if (delay > 0) await sleep(delay, undefined, { signal: stop }).catch(() => undefined)
  return endingOf(rules, businessOf(sim, call), () => work({ ...call, refused: refusedFields(rules) }))
}

function targetOf({ method, path, params }: GraphCall): Target {
  return {
    method,
    path: `/${path.join('/')}`,
    asksFor: (name) => {
      try {
        return asksFor(requestedFields(params) ?? [], name)
      } catch {
        return false
      }
    },
  }
}

const businessOf = (sim: Sim, { token }: GraphCall): string =>
  (token === undefined ? undefined : findCaller(sim.world, token)?.app.businessId) ?? '0'
