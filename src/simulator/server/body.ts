import type { IncomingMessage } from 'node:http'

import { type GraphError, invalid } from '../graph/error.ts'
import type { Params } from '../graph/params.ts'
import { fromSearch } from '../graph/params.ts'
import { type Json, isObject, parseJson } from '../json.ts'

const mostBytes = 1_000_000

export const tooLarge = (): GraphError => invalid('The request body is larger than 1 MB')

/** Reads at most 1 MB; what is more is a refusal, and the rest of it is thrown away. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= mostBytes) chunks.push(chunk)
    if (size > mostBytes * 20) break
  }
  if (size > mostBytes) throw tooLarge()
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

async function parseMultipart(bytes: Buffer, contentType: string): Promise<Params> {
  try {
    const form = await new Response(new Uint8Array(bytes), {
      headers: { 'content-type': contentType },
    }).formData()
    return new Map([...form].map(([name, value]) => [name, typeof value === 'string' ? value : '']))
  } catch {
    throw invalid('The body is not valid multipart form data')
  }
}
