import { type Json, type JsonObject, isObject, parseJson } from '../json.ts'
import { type Answer, type GraphCall, splitPath } from './call.ts'
import { asGraphError, envelope, invalid, noToken, statusOf } from './error.ts'
import { type Params, fromSearch, merge, text } from './params.ts'
import { refuseRemoved } from './removed.ts'
import { traced } from './trace.ts'

export const mostItems = 50

/** What a batch item is run through: faults look at each item as they look at a request. Null is an item cut off. */
export type RunItem = (call: GraphCall) => Promise<Answer | null>

/** `POST /` with `batch`: Meta's guide "Batch requests". The outer status is 200 whatever the items did. */
export async function executeBatch(outer: GraphCall, runItem: RunItem): Promise<Answer> {
  const calls = attempt(() => callsOf(outer))
  if (!Array.isArray(calls)) return calls
  const withHeaders = text(outer.params, 'include_headers') !== 'false'
  const body: Json[] = []
  for (const call of calls) {
    const answer = 'body' in call ? call : await runItem(call)
    // Guide "Batch requests": what was not finished in time is null
    body.push(answer === null ? null : wire(traced(answer), withHeaders))
  }
  return { status: 200, headers: {}, body }
}

/** What each item asks for; one that makes no sense has its refusal in that place. */
function callsOf(outer: GraphCall): (GraphCall | Answer)[] {
  refuseRemoved(outer)
  if (outer.token === undefined) throw noToken()
  return itemsOf(outer.params).map((item) => attempt(() => itemCall(outer, item)))
}

function attempt<Value>(make: () => Value): Value | Answer {
  try {
    return make()
  } catch (error) {
    return failure(error)
  }
}

function failure(error: unknown): Answer {
  const known = asGraphError(error)
  return { status: known.details.status ?? statusOf(known.code), headers: {}, body: envelope(known) }
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
    refused: [],
  }
}

function wire({ status, headers, body }: Answer, withHeaders: boolean): JsonObject {
  const text = JSON.stringify(body)
  const all = { 'Content-Type': 'text/javascript; charset=UTF-8', ...headers }
  const rows = Object.entries(all).map(([name, value]) => ({ name, value }))
  return { code: status, ...(withHeaders ? { headers: rows } : {}), body: text }
}
