import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ZodType, z } from 'zod'

import { Rule } from '../faults/rule.ts'
import { GraphError } from '../graph/error.ts'
import type { Json } from '../json.ts'
import { readBody } from '../server/body.ts'
import { sendJson } from '../server/send.ts'
import type { Sim } from '../sim.ts'
import { settleOldIntents } from '../world/settle-intent.ts'
import { Seed } from '../world/seed.ts'
import { Alerts, alerts } from './alerts.ts'
import { ControlError, explain } from './error.ts'
import { Callbacks, callbacks, gatewayConfig } from './gateway.ts'
import { Health, health } from './health.ts'
import { Install, Uninstall, install, uninstall } from './install.ts'
import { Intents, intents } from './intents.ts'
import { Login, login } from './login.ts'
import { Onboard, onboard } from './onboard.ts'
import { Phones, phones } from './phones.ts'
import { reset } from './reset.ts'
import { RevokeCredit, revokeCredit } from './revoke-credit.ts'
import { ChangeRole, changeRole } from './role.ts'
import { stateOf } from './state.ts'
import { Tokens, tokens } from './tokens.ts'
import { Unshare, unshare } from './unshare.ts'
import { Verify, verify } from './verify.ts'
import { Wabas, wabas } from './wabas.ts'
import { Webhooks, webhooks } from './webhooks.ts'

type Action = (sim: Sim, body: Json) => unknown

const taking =
  <Input>(shape: ZodType<Input>, act: (sim: Sim, input: Input) => unknown): Action =>
  (sim, body) => {
    const input = shape.safeParse(body)
    if (!input.success) throw new ControlError(400, explain(input.error))
    return act(sim, input.data)
  }

const Reset = z.strictObject({ seed: Seed.optional() })
const Faults = z.strictObject({ rules: z.array(Rule).max(100) })
const Clock = z.strictObject({
  advanceMs: z
    .int()
    .min(0)
    .max(10 * 366 * 86_400_000),
})

const actions: Readonly<Record<string, Action>> = {
  'GET /__sim/state': (sim) => stateOf(sim),
  'GET /__sim/gateway-config': (sim) => gatewayConfig(sim),
  'POST /__sim/callbacks': taking(Callbacks, callbacks),
  'POST /__sim/alerts': taking(Alerts, alerts),
  'POST /__sim/reset': taking(Reset, (sim, { seed }) => {
    reset(sim, seed ?? sim.seed)
    return { ok: true, seed: sim.world.settings }
  }),
  'GET /__sim/requests': (sim) => sim.journal.read(),
  'DELETE /__sim/requests': (sim) => {
    sim.journal.clear()
    return { ok: true }
  },
  'POST /__sim/onboard': taking(Onboard, onboard),
  'POST /__sim/unshare': taking(Unshare, unshare),
  'POST /__sim/revoke_credit': taking(RevokeCredit, revokeCredit),
  'POST /__sim/role': taking(ChangeRole, changeRole),
  'POST /__sim/login': taking(Login, login),
  'POST /__sim/verify': taking(Verify, verify),
  'POST /__sim/install': taking(Install, install),
  'POST /__sim/uninstall': taking(Uninstall, uninstall),
  'POST /__sim/intents': taking(Intents, intents),
  'POST /__sim/phones': taking(Phones, phones),
  'POST /__sim/wabas': taking(Wabas, wabas),
  'POST /__sim/health': taking(Health, health),
  'POST /__sim/tokens': taking(Tokens, tokens),
  'GET /__sim/faults': (sim) => ({ rules: sim.faults.rules() }),
  'POST /__sim/faults': taking(Faults, (sim, { rules }) => {
    sim.faults.replace(rules)
    return { rules }
  }),
  'POST /__sim/webhooks': taking(Webhooks, webhooks),
  'POST /__sim/clock': taking(Clock, (sim, { advanceMs }) => {
    sim.clock.advance(advanceMs)
    settleOldIntents(sim.world, sim.clock.now())
    return { now: new Date(sim.clock.now()).toISOString() }
  }),
}

async function inputOf(request: IncomingMessage): Promise<Json> {
  const bytes = await readBody(request)
  if (bytes.length === 0) return {}
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch {
    throw new ControlError(400, 'The body is not valid JSON')
  }
}

function actionFor(method: string, path: string): Action {
  const action = actions[`${method} ${path}`]
  if (action !== undefined) return action
  const known = Object.keys(actions).some((key) => key.endsWith(` ${path}`))
  throw new ControlError(known ? 405 : 404, known ? `${method} is not for ${path}` : `There is no ${path}`)
}

/** The simulator's own routes: JSON in, JSON out, and a message that says what is wrong with the input. */
export async function serveControl(
  sim: Sim,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  try {
    const act = actionFor(request.method ?? 'GET', path.replace(/\/$/, ''))
    const result = await act(sim, await inputOf(request))
    sendJson(response, 200, result as Json)
  } catch (error) {
    const status = error instanceof ControlError ? error.status : error instanceof GraphError ? 413 : 500
    sendJson(response, status, {
      error: { message: error instanceof Error ? error.message : 'Unknown error' },
    })
  }
}
