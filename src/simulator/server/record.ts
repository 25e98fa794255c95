import type { GraphCall } from '../graph/call.ts'
import { findCaller } from '../graph/caller.ts'
import { splitIds } from '../graph/many.ts'
import { type Params, text } from '../graph/params.ts'
import { type Json, type JsonObject, isList, isObject } from '../json.ts'
import type { Sim } from '../sim.ts'
import type { Incoming } from './incoming.ts'
import type { Entry } from './journal.ts'
import { routeName } from './route-name.ts'

const secret = new Set(['access_token', 'appsecret_proof', 'verify_token', 'input_token', 'batch'])
const inItem = /\b(access_token|appsecret_proof|verify_token|input_token)=[^&]*/g

export const isBatch = ({ method, path, params }: GraphCall): boolean =>
  method === 'POST' && path.length === 0 && params.has('batch')

function batchItems(params: Params): readonly Json[] {
  const given = params.get('batch')
  if (typeof given !== 'string') return isList(given) ? given : []
  try {
    const list: unknown = JSON.parse(given)
    return Array.isArray(list) ? (list as Json[]) : []
  } catch {
    return []
  }
}

const itemText = (item: Json): string =>
  isObject(item) ? `${String(item.method)} ${String(item.relative_url)}`.replaceAll(inItem, '$1=…') : '?'

function shown(params: Params): JsonObject {
  const open = [...params].filter(([name]) => !secret.has(name))
  const batch = params.has('batch') ? { batch: batchItems(params).map(itemText) } : {}
  return { ...Object.fromEntries(open), ...batch }
}

/** "Each ID counts as one call" (Meta's page "Rate limits"), and so does each item of a batch. */
function unitsOf(call: GraphCall): number {
  if (isBatch(call)) return Math.max(1, batchItems(call.params).length)
  const ids = call.path.length === 0 ? text(call.params, 'ids') : undefined
  return ids === undefined ? 1 : splitIds(ids).length
}

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
  }
}

/** The routes of a batch's items, counted beside the outer one. */
export function insideRoutes({ world }: Sim, call: GraphCall, entry: Entry): string[] {
  if (!isBatch(call) || !Array.isArray(entry.params.batch)) return []
  return entry.params.batch.map((item) => {
    const [method = 'GET', address = ''] = String(item).split(' ')
    const url = URL.parse(address.replace(/^\/*/, '/'), 'http://item.invalid')
    const path = (url?.pathname ?? '').split('/').filter((part) => part !== '' && !/^v\d/.test(part))
    return `batch ${routeName(world, { ...call, method, path, params: new Map() })}`
  })
}
