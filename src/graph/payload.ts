import { randomUUID } from 'node:crypto'
import { GraphError } from './error.ts'
import { checkParameters } from './target.ts'

export interface GraphFile {
  /** Of the parameter. */
  readonly name: string
  readonly filename: string
  readonly type: string
  readonly bytes: Uint8Array
}

export interface GraphForm {
  readonly fields: Readonly<Record<string, string>>
  readonly files: readonly GraphFile[]
}

/** What follows the headers of a request. */
export interface Payload {
  readonly type: string
  readonly bytes: string | Uint8Array
}

export function jsonPayload(body: Readonly<Record<string, unknown>>): Payload {
  checkParameters(Object.keys(body))
  try {
    return { type: 'application/json', bytes: JSON.stringify(body) }
  } catch {
    throw new GraphError('input', 'The body of a Graph request cannot be written as JSON.')
  }
}

/** `a=b&c=d`; what is no text is written as JSON, as Graph takes lists and objects in parameters. */
export function printParameters(body: Readonly<Record<string, unknown>>): string {
  checkParameters(Object.keys(body))
  const pairs = Object.entries(body).map(([name, value]) => [name, printValue(value)])
  return new URLSearchParams(pairs).toString()
}

const printValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const MEDIA_TYPE = /^[a-z0-9.+-]{1,60}\/[a-z0-9.+-]{1,80}$/

/** RFC 7578, with file names as https://html.spec.whatwg.org/#multipart-form-data writes them. */
export function multipartPayload({ fields, files }: GraphForm, boundary: string = randomUUID()): Payload {
  // Lists of files are named `documents[]`.
  checkParameters([...Object.keys(fields), ...files.map((file) => file.name.replace(/\[\]$/, ''))])
  if (files.some((file) => !MEDIA_TYPE.test(file.type))) {
    throw new GraphError('input', 'A file has a media type that cannot go into a header.')
  }
  const parts = [
    ...Object.entries(fields).map(([name, value]) => part(boundary, `name="${name}"`, [], value)),
    ...files.map((file) => filePart(boundary, file)),
    Buffer.from(`--${boundary}--\r\n`),
  ]
  return { type: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(parts) }
}

function filePart(boundary: string, { name, filename, type, bytes }: GraphFile): Buffer {
  const escaped = filename.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  return part(boundary, `name="${name}"; filename="${escaped}"`, [`content-type: ${type}`], bytes)
}

function part(boundary: string, names: string, headers: readonly string[], content: string | Uint8Array) {
  const head = [`--${boundary}`, `content-disposition: form-data; ${names}`, ...headers, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head), Buffer.from(content as Uint8Array), Buffer.from('\r\n')])
}
