import type { ZodType } from 'zod'
import { callerLeft } from './deadline.ts'
import { GraphError } from './error.ts'
import type { appSecretProof } from './proof.ts'
import type { Credential, GraphRequest } from './request.ts'
import { printBody, printRoute, printTarget } from './target.ts'
import type { HttpRequest } from './transport.ts'

/** A checked call: every try of it sends the same bytes. */
export interface PreparedCall<T> {
  readonly http: HttpRequest
  readonly route: string
  readonly expect: ZodType<T>
  /** What must not appear in a message, should an answer repeat it. */
  readonly secrets: readonly string[]
  /** Only reads have one. */
  readonly signal: AbortSignal | undefined
}

export interface CallSettings {
  /** `/v26.0`, after whatever path the upstream has of its own. */
  readonly root: string
  readonly prove: typeof appSecretProof
}

const TOKEN = /^[\x21-\x7e]+$/

export function prepareCall<T>(request: GraphRequest<T>, settings: CallSettings): PreparedCall<T> {
  const { method, path, query = {}, body, credential, signal } = request
  if (signal?.aborted) throw callerLeft()
  checkCredential(credential)
  if (body !== undefined && method !== 'POST') throw new GraphError('input', 'Only a POST has a body.')
  const proof = settings.prove(credential.token, credential.appSecret)
  const target = printTarget(settings.root, path, query, proof)
  return {
    http: { method, target, token: credential.token, body: body === undefined ? null : printBody(body) },
    route: printRoute(path),
    expect: request.expect,
    secrets: secretsOf(credential, proof),
    signal: method === 'GET' ? signal : undefined,
  }
}

function checkCredential({ token, appSecret }: Credential): void {
  if (!TOKEN.test(token))
    throw new GraphError('input', 'The access token is empty or cannot go into a header.')
  if (appSecret === '') throw new GraphError('input', 'The app secret is empty.')
}

function secretsOf({ token, appSecret }: Credential, proof: string): readonly string[] {
  return [token, encodeURIComponent(token), appSecret, proof]
}
