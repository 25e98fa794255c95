import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import { refusal, refusedFields } from '../faults/answer.ts'
import type { Rule, Target } from '../faults/faults.ts'
import { asksFor } from '../fields/print.ts'
import { executeBatch } from '../graph/batch.ts'
import type { Answer, GraphCall } from '../graph/call.ts'
import { findCaller } from '../graph/caller.ts'
import { GraphError, asGraphError, envelope, statusOf } from '../graph/error.ts'
import { execute } from '../graph/execute.ts'
import { splitIds } from '../graph/many.ts'
import { type Params, text } from '../graph/params.ts'
import { requestedFields } from '../graph/select.ts'
import type { Sim } from '../sim.ts'
import { parseBody, readBody } from './body.ts'
import { incoming } from './incoming.ts'
import type { Entry } from './journal.ts'
import { deliver, insteadOfAnswer } from './misbehave.ts'
import { entryOf, insideRoutes, isBatch } from './record.ts'
import { sendJson } from './send.ts'

const everyKind = [
  ...(['error', 'latency', 'hang', 'reset', 'truncate', 'html', 'throttle'] as const),
  ...(['unknownField', 'lostReply'] as const),
]
const inBatch = ['error', 'throttle', 'unknownField'] as const

/** One HTTP request to the Graph side: read, count, let faults strike, answer. */
export async function serveGraph(
  sim: Sim,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  stop: AbortSignal,
): Promise<void> {
  const body = await bodyOf(request)
  const unreadable = body instanceof GraphError ? body : undefined
  const arrived = incoming(request, url, body instanceof GraphError ? new Map() : body)
  const entry = entryOf(sim, arrived)
  sim.journal.add(entry, insideRoutes(sim, arrived.call, entry))
  if (unreadable === undefined) return serveCall(sim, arrived.call, entry, response, stop)
  entry.status = statusOf(unreadable.code)
  sendJson(response, entry.status, envelope(unreadable))
}

async function bodyOf(request: IncomingMessage): Promise<GraphError | Params> {
  try {
    return await parseBody(await readBody(request), request.headers['content-type'] ?? '')
  } catch (error) {
    return asGraphError(error)
  }
}

function targetOf({ method, path, params }: GraphCall): Target {
  const ids = path.length === 0 ? text(params, 'ids') : undefined
  return {
    method,
    paths: [`/${path.join('/')}`, ...(ids === undefined ? [] : splitIds(ids).map((id) => `/${id}`))],
    asksFor: (name) => {
      try {
        return asksFor(requestedFields(params) ?? [], name)
      } catch {
        return false
      }
    },
  }
}

async function serveCall(
  sim: Sim,
  call: GraphCall,
  entry: Entry,
  response: ServerResponse,
  stop: AbortSignal,
): Promise<void> {
  const rules = sim.faults.strike(targetOf(call), everyKind)
  const delay = rules.reduce((sum, rule) => sum + (rule.kind === 'latency' ? rule.ms : 0), 0)
  if (delay > 0) await sleep(delay, undefined, { signal: stop }).catch(() => undefined)
  if (insteadOfAnswer(rules, response, entry)) return
  const answer = refusal(rules, businessOf(sim, call)) ?? (await answerOf(sim, call, rules))
  entry.status = answer.status
  deliver(rules, response, answer)
}

const businessOf = (sim: Sim, { token }: GraphCall): string =>
  (token === undefined ? undefined : findCaller(sim.world, token)?.app.businessId) ?? '0'

function answerOf(sim: Sim, call: GraphCall, rules: readonly Rule[]): Promise<Answer> {
  if (!isBatch(call)) return execute(sim, { ...call, refused: refusedFields(rules) })
  return executeBatch(sim, call, async (item, run) => {
    const struck = sim.faults.strike(targetOf(item), inBatch)
    return refusal(struck, businessOf(sim, item)) ?? run({ ...item, refused: refusedFields(struck) })
  })
}
