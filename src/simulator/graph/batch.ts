import { type Json, type JsonObject, isObject, parseJson } from '../json.ts'
import type { Sim } from '../sim.ts'
import { type Answer, type GraphCall, splitPath } from './call.ts'
import { asGraphError, envelope, invalid, noToken, statusOf } from './error.ts'
import { execute } from './execute.ts'
import { type Params, fromSearch, merge, text } from './params.ts'

export const mostItems = 50

/** What a batch item is run through: faults and counting look at each item as they look at a request. */
export type RunItem = (call: GraphCall, run: (call: GraphCall) => Promise<Answer>) => Promise<Answer>

/** `POST /` with `batch`: Meta's guide "Batch requests". The outer status is 200 whatever the items did. */
export async function executeBatch(sim: Sim, outer: GraphCall, runItem: RunItem): Promise<Answer> {
  try {
    if (outer.token === undefined) throw noToken()
    const items = itemsOf(outer.params)
    const withHeaders = text(outer.params, 'include_headers') !== 'false'
    const body: Json[] = []
    for (const item of items) body.push(wire(await answerItem(sim, outer, item, runItem), withHeaders))
    return { status: 200, headers: {}, body }
  } catch (error) {
    return failure(error)
  }
}

function failure(error: unknown): Answer {
  const known = asGraphError(error)
  return { status: statusOf(known.code), headers: {}, body: envelope(known) }
}

function itemsOf(params: Params): readonly JsonObject[] {
  const given = params.get('batch')
  const list = typeof given === 'string' ? parsed(given) : given
  if (!Array.isArray(list) || !list.every(isObject)) throw invalid('Param batch must be an array of objects')
  if (list.length > mostItems)
    throw invalid(`Too many requests in batch message. Maximum batch size is ${mostItems}`)
  return list
}

function parsed(source: string): Json {
  try {
    return parseJson(source)
  } catch {
    throw invalid('Param batch must be valid JSON')
  }
}

async function answerItem(sim: Sim, outer: GraphCall, item: JsonObject, runItem: RunItem): Promise<Answer> {
  try {
    return await runItem(itemCall(outer, item), (call) => execute(sim, call))
  } catch (error) {
    return failure(error)
  }
}

/** An item without a token of its own runs as the outer one, with the outer proof. */
function itemCall(outer: GraphCall, item: JsonObject): GraphCall {
  const { method = 'GET', relative_url, body } = item
  if (typeof method !== 'string' || typeof relative_url !== 'string') {
    throw invalid('Each batch item needs method and relative_url')
  }
  if (JSON.stringify(item).includes('{result=')) throw invalid('{result=…} references are not supported here')
  if (body !== undefined && typeof body !== 'string')
    throw invalid('The body of a batch item must be a string')
  const url = URL.parse(relative_url.replace(/^\/*/, '/'), 'http://item.invalid')
  if (url?.hostname !== 'item.invalid') throw invalid('relative_url must be a path')
  const { version = outer.version, path } = splitPath(url.pathname)
  const form = body === undefined ? [] : [fromSearch(new URLSearchParams(body))]
  const params = merge(fromSearch(url.searchParams), ...form)
  const own = text(params, 'access_token')
  const proof = text(params, 'appsecret_proof') ?? (own === undefined ? outer.proof : undefined)
  return {
    method: method.toUpperCase(),
    version,
    path,
    params,
    token: own ?? outer.token,
    proof,
    refused: new Set(),
  }
}

function wire({ status, headers, body }: Answer, withHeaders: boolean): JsonObject {
  const text = JSON.stringify(body)
  const all = { 'Content-Type': 'text/javascript; charset=UTF-8', ...headers }
  const rows = Object.entries(all).map(([name, value]) => ({ name, value }))
  return { code: status, ...(withHeaders ? { headers: rows } : {}), body: text }
}
