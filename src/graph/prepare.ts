import type { ZodType } from 'zod'
import { readAnswer } from './answer.ts'
import { meteringOf, type Metering } from './budget/allowance.ts'
import { GraphError } from './error.ts'
import { isGraphId } from './ids.ts'
import { jsonPayload, multipartPayload, type Payload } from './payload.ts'
import type { appSecretProof } from './proof.ts'
import type { Credential, GraphRequest, Priority, Tally, Unsigned } from './request.ts'
import { printRoute, printTarget } from './target.ts'
import type { HttpReply, HttpRequest } from './transport.ts'

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
