import type { IncomingMessage } from 'node:http'

import { type GraphError, invalid } from '../graph/error.ts'
import type { Params } from '../graph/params.ts'
import { fromSearch } from '../graph/params.ts'
import { type Json, isList, isObject, parseJson } from '../json.ts'

const usual = 1_000_000
/** Three files of 5 MB and what is around them: guide "Partner-led business verification". */
const withDocuments = 3 * 5 * 1024 * 1024 + 200_000
const thrownAway = 20_000_000

export const bodyLimit = (pathname: string): number =>
  /^(\/v[\d.]+)?\/\d+\/self_certify_whatsapp_business\/?$/.test(pathname) ? withDocuments : usual

const tooLarge = (most: number): GraphError =>
  invalid(`The request body is larger than ${Math.floor(most / 1_000_000)} MB`)

/** Reads so many bytes at most; what is more is a refusal, and the rest of it is thrown away. */
export async function readBody(request: IncomingMessage, most = usual): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= most) chunks.push(chunk)
    if (size > thrownAway) break
  }
  if (size > most) throw tooLarge(most)
  return Buffer.concat(chunks)
}

/** JSON, form and multipart bodies mean the same to Graph. */
export async function parseBody(bytes: Buffer, contentType: string): Promise<Params> {
  if (bytes.length === 0) return new Map()
  if (contentType.startsWith('multipart/form-data')) return parseMultipart(bytes, contentType)
  const source = bytes.toString('utf8')
  const json = contentType.includes('json') || (contentType === '' && source.trimStart().startsWith('{'))
  return json ? parseJsonBody(source) : fromSearch(new URLSearchParams(source))
}

function parseJsonBody(source: string): Params {
  const body = attempt(source)
  if (!isObject(body)) throw invalid('The body must be a JSON object')
  return new Map(
    Object.entries(body).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function attempt(source: string): Json {
  try {
    return parseJson(source)
  } catch {
    throw invalid('The body is not valid JSON')
  }
}

/** Of a file only what a rule asks about is kept; `documents[]` and `documents[0]` are one list. */
async function parseMultipart(bytes: Buffer, contentType: string): Promise<Params> {
  const params = new Map<string, Json>()
  for (const [name, value] of await formOf(bytes, contentType)) {
    const given = typeof value === 'string' ? value : fileOf(value)
    const list = /^(\w+)\[\d*\]$/.exec(name)?.[1]
    const before = list === undefined ? undefined : params.get(list)
    params.set(list ?? name, list === undefined ? given : [...(isList(before) ? before : []), given])
  }
  return params
}

async function formOf(bytes: Buffer, contentType: string): Promise<FormData> {
  try {
    const headers = { 'content-type': contentType }
    return await new Response(new Uint8Array(bytes), { headers }).formData()
  } catch {
    throw invalid('The body is not valid multipart form data')
  }
}

const fileOf = ({ name, type, size }: File): Json => ({ filename: name, type, size })
