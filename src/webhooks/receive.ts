import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { answer, answerEarly, answerLast } from './answer.ts'
import { Flight, readBody, type Share } from './body.ts'
import { challengeOf, isSignature, verifySignature } from './verify.ts'
import type { WebhookApp, WebhookDeps } from './intake.ts'
import { keep } from './keep.ts'
import { readPost } from './envelope.ts'
import { printable } from './printable.ts'
import { tally } from './tally.ts'

export type { WebhookApp, WebhookDeps } from './intake.ts'

/** `appId` is the last part of the path; undefined for the bare path, which serves a gateway with one app. */
export type WebhookHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  appId: string | undefined,
) => Promise<void>

/**
 * Meta's callback. To a signed post the answer is 200 whatever it says, since any other status is repeated for days,
 * to every app on the account; only when nothing could be stored is a repeat wanted: 503. No Graph call before it.
 */
export function createWebhookHandler(deps: WebhookDeps): WebhookHandler {
  const flight = new Flight()
  return async (req, res, appId) => {
    const app = appOf(deps.apps, appId)
    if (app === undefined) return answerEarly(req, res, 404, 'no such webhook\n')
    if (req.method === 'GET') return verify(deps, app, req, res)
    if (req.method !== 'POST') {
      return answerEarly(req, res, 405, 'GET or POST only\n', { allow: 'GET, POST' })
    }
    const share = flight.board()
    try {
      await receive(deps, app, req, res, share)
    } catch (error) {
      unavailable(deps, app, res, error)
    } finally {
      share.leave()
    }
  }
}

function appOf(apps: ReadonlyMap<string, WebhookApp>, appId: string | undefined): WebhookApp | undefined {
  if (appId !== undefined) return apps.get(appId)
  return apps.size === 1 ? apps.values().next().value : undefined
}

// From configuration only: Meta may ask at any time, also while the store is down.
function verify(deps: WebhookDeps, app: WebhookApp, req: IncomingMessage, res: ServerResponse): void {
  const url = req.url ?? ''
  const mark = url.indexOf('?')
  const challenge = challengeOf(mark === -1 ? '' : url.slice(mark + 1), app.verifyTokens)
  if (challenge !== null) return answerEarly(req, res, 200, challenge)
  deps.counters.count('refused', { appId: app.appId, reason: 'verification' })
  answerEarly(req, res, 403, 'not verified\n')
}

async function receive(
  deps: WebhookDeps,
  app: WebhookApp,
  req: IncomingMessage,
  res: ServerResponse,
  share: Share,
): Promise<void> {
  deps.counters.count('received', { appId: app.appId })
  const refusal = refusalOf(req)
  if (refusal !== null) return refuse(deps, app, req, res, refusal)
  const body = await readBody(req, share)
  if (body.kind === 'too large') return refuse(deps, app, req, res, tooLarge)
  if (body.kind === 'no room') return refuse(deps, app, req, res, noRoom)
  if (body.kind === 'gone') return deps.counters.count('refused', { appId: app.appId, reason: 'aborted' })
  if (!verifySignature(body.bytes, signatureOf(req), app.appSecrets)) {
    return refuse(deps, app, req, res, unsigned)
  }
  const envelope = readPost(body.bytes)
  await keep(deps, app, envelope)
  tally(envelope, app.appId, deps)
  answer(res, 200, 'received\n')
}

interface Refusal {
  readonly status: number
  readonly reason: string
  readonly headers?: OutgoingHttpHeaders
  readonly isLast?: boolean
}

const tooLarge: Refusal = { status: 413, reason: 'too large' }
const unsigned: Refusal = { status: 401, reason: 'signature' }
const neverSigned: Refusal = { ...unsigned, isLast: true }
// Meta repeats it.
const noRoom: Refusal = { status: 503, reason: 'busy', isLast: true, headers: { 'retry-after': '5' } }

// A missing content type is let through: the signature says who wrote the body, and losing events would be worse.
function refusalOf(req: IncomingMessage): Refusal | null {
  const { 'content-encoding': encoding, 'content-type': type } = req.headers
  if (encoding !== undefined) return { status: 415, reason: 'content encoding' }
  if (type !== undefined && !/^application\/json\s*(?:;|$)/i.test(type)) {
    return { status: 415, reason: 'content type' }
  }
  // Before the body: of strangers none is read.
  return isSignature(signatureOf(req)) ? null : neverSigned
}

function refuse(
  deps: WebhookDeps,
  app: WebhookApp,
  req: IncomingMessage,
  res: ServerResponse,
  { status, reason, headers, isLast = false }: Refusal,
): void {
  deps.counters.count('refused', { appId: app.appId, reason })
  deps.log.warn({ appId: app.appId, status, reason }, 'webhook refused')
  const end = isLast ? answerLast : answerEarly
  end(req, res, status, `refused: ${reason}\n`, headers)
}

// Node joins a repeated header with a comma, which no signature's form allows: two of them are none.
function signatureOf(req: IncomingMessage): string | undefined {
  const header = req.headers['x-hub-signature-256']
  return Array.isArray(header) ? header.join(', ') : header
}

function unavailable({ counters, log }: WebhookDeps, app: WebhookApp, res: ServerResponse, error: unknown) {
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : 'not an error'
  counters.count('unavailable', { appId: app.appId })
  log.error({ appId: app.appId, cause: printable(cause) }, 'webhook not stored, a repeat was asked for')
  answer(res, 503, 'not stored, send again\n', { 'retry-after': '5' })
}
