import { type Json, type JsonObject, isList, isObject, parseJson } from '../json.ts'
import { invalid, missing } from './error.ts'

/** Query, form and JSON body in one: Graph takes a parameter from wherever it stands. */
export type Params = ReadonlyMap<string, Json>

/** A list may come as `tasks[]=…&tasks[]=…` or `tasks[0]=…`, as forms write it. */
export function fromSearch(search: URLSearchParams): Params {
  const params = new Map<string, Json>()
  for (const [name, value] of search) {
    const list = /^(\w+)\[\d*\]$/.exec(name)?.[1]
    const before = list === undefined ? undefined : params.get(list)
    params.set(list ?? name, list === undefined ? value : [...(isList(before) ? before : []), value])
  }
  return params
}

export function merge(...sources: readonly Params[]): Params {
  return new Map(sources.flatMap((source) => [...source]))
}

export function text(params: Params, name: string): string | undefined {
  const value = params.get(name)
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === undefined || value === null ? undefined : JSON.stringify(value)
}

export function requiredText(params: Params, name: string): string {
  const value = text(params, name)
  if (value === undefined || value === '') throw missing(name)
  return value
}

export function requiredId(params: Params, name: string): string {
  const value = requiredText(params, name)
  if (!/^\d{1,20}$/.test(value)) throw invalid(`Param ${name} must be a numeric id`)
  return value
}

/** A list or object may come as JSON text; single quotes are seen in Meta's samples ("Manage system users"). */
function structured(params: Params, name: string): Json | undefined {
  const value = params.get(name)
  if (typeof value !== 'string') return value
  for (const candidate of [value, value.replaceAll("'", '"')]) {
    try {
      return parseJson(candidate)
    } catch {
      // the next reading, or the refusal below
    }
  }
  throw invalid(`Param ${name} must be valid JSON`)
}

/** An object, also as JSON text; an empty text is none. */
export function optionalObject(params: Params, name: string): JsonObject | undefined {
  const given = params.get(name)
  const value = given === '' || given === null ? undefined : structured(params, name)
  if (value !== undefined && value !== '' && !isObject(value))
    throw invalid(`Param ${name} must be an object`)
  return isObject(value) ? value : undefined
}

export function textList(params: Params, name: string): readonly string[] {
  const value = structured(params, name)
  if (value === undefined) throw missing(name)
  if (!isList(value) || !value.every((item) => typeof item === 'string')) {
    throw invalid(`Param ${name} must be an array of strings`)
  }
  return value
}

export function objectList(params: Params, name: string): readonly JsonObject[] {
  const value = structured(params, name)
  if (value === undefined) return []
  if (!isList(value) || !value.every(isObject)) throw invalid(`Param ${name} must be an array of objects`)
  return value
}
