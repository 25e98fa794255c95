import type { GraphCall } from '../graph/call.ts'
import { findCaller } from '../graph/caller.ts'
import type { Params } from '../graph/params.ts'
import { type Json, type JsonObject, isObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import { askedBy, batchItems } from './batch-list.ts'
import type { Incoming } from './incoming.ts'
import type { Entry } from './journal.ts'
import { routeName } from './route-name.ts'

const secrets =
  'access_token appsecret_proof verify_token input_token webhook_configuration client_secret code ' +
  'fb_exchange_token revoke_token pin'
const hidden = new Set([...secrets.split(' '), 'batch'])
const inItem = new RegExp(String.raw`\b(${secrets.replaceAll(' ', '|')})=[^&]*`, 'g')

export const isBatch = ({ method, path, params }: GraphCall): boolean =>
  method === 'POST' && path.length === 0 && params.has('batch')

const itemText = (item: Json): string =>
  isObject(item) ? `${String(item.method)} ${String(item.relative_url)}`.replaceAll(inItem, '$1=…') : '?'

function shown(params: Params): JsonObject {
  const open = [...params].filter(([name]) => !hidden.has(name))
  const batch = params.has('batch') ? { batch: batchItems(params).map(itemText) } : {}
  return { ...Object.fromEntries(open), ...batch }
}

/** Each item of a batch counts as a call of its own (guide "Batch requests"). */
const unitsOf = (call: GraphCall): number => (isBatch(call) ? Math.max(1, batchItems(call.params).length) : 1)

export function entryOf({ world }: Sim, { call, tokenIn }: Incoming): Entry {
  return {
    method: call.method,
    path: `/${call.path.join('/')}`,
    version: call.version ?? null,
    route: routeName(world, call),
    params: shown(call.params),
    tokenIn,
    proof: call.proof !== undefined,
    appId: call.token === undefined ? null : (findCaller(world, call.token)?.app.id ?? null),
    units: unitsOf(call),
    status: null,
    trace: null,
  }
}

/** The routes of a batch's items, counted beside the outer one. */
export const insideRoutes = ({ world }: Sim, call: GraphCall): string[] =>
  isBatch(call) ? batchItems(call.params).map((item) => `batch ${routeName(world, askedBy(item))}`) : []
