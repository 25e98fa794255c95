import { randomUUID, createHmac } from 'node:crypto'
import type { ZodType } from 'zod'
import { Lru } from '../lib/lru.ts'
import { readAnswer } from './answer.ts'
import { meteringOf, type Metering } from './budget/budget.ts'
import { GraphError } from './error.ts'
import { isGraphId } from './shapes.ts'
import type { GraphRequest, Priority, Tally, GraphForm, GraphFile } from './endpoint.ts'
import type { Credential, Unsigned } from './viewer.ts'
import type { HttpReply, HttpRequest, Payload } from './transport.ts'

/** A checked call: every try of it sends the same bytes. */
export interface PreparedCall<T> {
  readonly http: HttpRequest
  /** What follows the version in the target, which is how an item of a batch names itself. */
  readonly relative: string
  /** Of a POST that reads: its parameters, for a batch. */
  readonly body: Readonly<Record<string, unknown>> | null
  readonly route: string
  /** Names what is called more closely than the path, which is `/{id}` for nodes of all types. */
  readonly resource: string
  readonly expect: ZodType<T> | null
  readonly read: (reply: HttpReply) => T
  /** What must not appear in a message, should an answer repeat it. */
  readonly secrets: readonly string[]
  readonly isRead: boolean
  readonly credential: Credential | Unsigned
  readonly appId: string
  /** Names the token without telling it. */
  readonly who: string
  /** The object whose allowance this uses up, where it is about one. */
  readonly object: string | null
  /** What it counts as for the gate: its object, or else its route; of a batch, those of its items. */
  readonly slots: readonly string[]
  readonly metering: Metering
  readonly priority: Priority
  readonly tally: Tally | undefined
  /** The calls that this one is made of: its items when it is a batch. */
  readonly parts: readonly PreparedCall<unknown>[]
}

export interface CallSettings {
  /** `/v27.0`, after whatever path the upstream has of its own. */
  readonly root: string
  readonly prove: typeof appSecretProof
}

const TOKEN = /^[\x21-\x7e]+$/

export function prepareCall<T>(request: GraphRequest<T>, settings: CallSettings): PreparedCall<T> {
  const { method, path, query = {}, credential, expect } = request
  const signature = sign(credential, settings.prove)
  const relative = printTarget(path, query, signature.proof)
  const secrets = [...signature.secrets, ...(request.secrets ?? []).flatMap(withEncoded)]
  const object = objectOf(request)
  const route = printRoute(path)
  return {
    http: {
      method,
      target: `${settings.root}/${relative}`,
      token: signature.token,
      payload: payloadOf(request),
      mayLeave: request.mayLeave,
    },
    relative,
    body: request.body ?? null,
    route,
    resource: `${method} ${route} ${request.node ?? ''}`,
    expect,
    read: (reply) => readAnswer(reply, expect, secrets),
    secrets,
    isRead: (method === 'GET' && !request.once) || request.reads === true,
    credential,
    appId: credential.appId,
    who: signature.who,
    object,
    slots: [`${credential.appId} ${object ?? route}`],
    metering: request.about?.waba === undefined ? meteringOf(method, path) : 'account',
    priority: request.priority ?? request.tally?.priority ?? 'foreground',
    tally: request.tally,
    parts: [],
  }
}

interface Signature {
  readonly token: string | null
  readonly proof: string | null
  readonly who: string
  readonly secrets: readonly string[]
}

function sign(credential: Credential | Unsigned, prove: typeof appSecretProof): Signature {
  if (credential.kind === 'none') return { token: null, proof: null, who: 'none', secrets: [] }
  const { token, appSecret, kind } = credential
  if (!TOKEN.test(token))
    throw new GraphError('input', 'The access token is empty or cannot go into a header.')
  if (appSecret === '') throw new GraphError('input', 'The app secret is empty.')
  const proof = prove(token, appSecret)
  const secrets = [...withEncoded(token), appSecret, proof]
  return { token, proof, who: `${kind} ${proof.slice(0, 16)}`, secrets }
}

const withEncoded = (secret: string): string[] => [secret, encodeURIComponent(secret)]

function objectOf({ path: [first], about }: GraphRequest<unknown>): string | null {
  return about?.waba ?? (isGraphId(first) ? first : null)
}

function payloadOf({ method, body, form }: GraphRequest<unknown>): Payload | null {
  if (body === undefined && form === undefined) return null
  if (method !== 'POST') throw new GraphError('input', 'Only a POST has a body.')
  if (form === undefined) return jsonPayload(body ?? {})
  if (body !== undefined) throw new GraphError('input', 'A POST has one body, JSON or a form.')
  return multipartPayload(form)
}

const EDGE = /^[a-z][a-z0-9_]{0,99}$/
const PARAMETER = /^[a-z][a-z0-9_]{0,99}$/

// A token belongs into the header, and the proof is ours to add.
const OURS = ['access_token', 'appsecret_proof']
// Meta's blog posts on v26.0 and v27.0: refused or ignored on every version, or barred to new apps. `callback` would turn
// JSON into a script besides, and `method` a read into a write.
const ENDED = ['ids', 'date_format', 'debug', 'pretty', 'callback', 'method', 'asyncbatch']
const RESERVED: ReadonlySet<string> = new Set([...OURS, ...ENDED])

/** What follows the version: `123/partners?fields=…&appsecret_proof=…`. */
export function printTarget(
  path: readonly string[],
  query: Readonly<Record<string, string>>,
  proof: string | null,
): string {
  const segments = path.map((segment) => encodeURIComponent(checkSegment(segment)))
  checkParameters(Object.keys(query))
  const parameters = new URLSearchParams(proof === null ? query : { ...query, appsecret_proof: proof })
  return `${segments.join('/')}?${parameters}`
}

/** The path for people and metrics: ids give way to a placeholder. */
export function printRoute(path: readonly string[]): string {
  return `/${path.map((segment) => (isGraphId(segment) ? '{id}' : segment)).join('/')}`
}

function checkSegment(segment: string): string {
  if (isGraphId(segment) || EDGE.test(segment)) return segment
  throw new GraphError('input', 'A segment of a Graph path is neither an id nor the name of an edge.')
}

export function checkParameters(names: readonly string[]): void {
  const refused = names.some((name) => RESERVED.has(name) || !PARAMETER.test(name))
  if (refused) throw new GraphError('input', 'A parameter of a Graph request has a name that is not allowed.')
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

// Hex HMAC-SHA256 with the app secret as key and the call's token as message:
// developers.facebook.com/docs/graph-api/guides/secure-requests
export function appSecretProof(token: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(token).digest('hex')
}

/** Remembers the proofs of the credentials in use. */
export function createProofMemo(size = 1000): typeof appSecretProof {
  const known = new Lru<string>({ entries: size })
  return (token, appSecret) => {
    const key = `${appSecret}\n${token}`
    const proof = known.get(key) ?? appSecretProof(token, appSecret)
    known.set(key, proof)
    return proof
  }
}
