import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { answer, answerEarly, answerLast } from './answer.ts'
import { withWebhookBody } from './body.ts'
import { BodyMemory } from './body-memory.ts'
import { challengeToEcho, isSignature, verifySignature } from './verify.ts'
import type { WebhookApp, WebhookDeps } from './deps.ts'
import { persist } from './persist.ts'
import { readPost } from './envelope.ts'
import { errorText } from './error-text.ts'
import { countChanges } from './count-changes.ts'

export type { WebhookApp, WebhookDeps } from './deps.ts'

/** `appId` is the last part of the path; undefined for the bare path, which serves a gateway with one app. */
export type WebhookHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  appId: string | undefined,
) => Promise<void>

/**
 * The callback URL that Meta sends webhooks to. A signed post is answered 200 whatever it says, because Meta repeats any
 * other status for days, to every app on the account. Only when nothing could be stored is a repeat wanted, and the answer
 * is 503. No Graph call is made before the answer.
 */
export function createWebhookHandler(deps: WebhookDeps): WebhookHandler {
  const memory = new BodyMemory(deps.now)
  return async (req, res, appId) => {
    const app = appOf(deps.apps, appId)
    if (app === undefined) return answerEarly(req, res, 404, 'no such webhook\n')
    if (req.method === 'GET') return answerVerification(deps, app, req, res)
    if (req.method !== 'POST') {
      return answerEarly(req, res, 405, 'GET or POST only\n', { allow: 'GET, POST' })
    }
    try {
      await receive(deps, app, req, res, memory)
    } catch (error) {
      answerUnavailable(deps, app, res, error)
    }
  }
}

function appOf(apps: ReadonlyMap<string, WebhookApp>, appId: string | undefined): WebhookApp | undefined {
  if (appId !== undefined) return apps.get(appId)
  return apps.size === 1 ? apps.values().next().value : undefined
}

/** Answers Meta's verification request from configuration alone: it may come while the store is down. */
function answerVerification(
  deps: WebhookDeps,
  app: WebhookApp,
  req: IncomingMessage,
  res: ServerResponse,
): void {
  const url = req.url ?? ''
  const mark = url.indexOf('?')
  const challenge = challengeToEcho(mark === -1 ? '' : url.slice(mark + 1), app.verifyTokens)
  if (challenge !== null) return answerEarly(req, res, 200, challenge)
  deps.counters.count('refused', { appId: app.appId, reason: 'verification' })
  answerEarly(req, res, 403, 'not verified\n')
}

async function receive(
  deps: WebhookDeps,
  app: WebhookApp,
  req: IncomingMessage,
  res: ServerResponse,
  memory: BodyMemory,
): Promise<void> {
  deps.counters.count('received', { appId: app.appId })
  const { address, network, isAllowed } = deps.senderOf(req)
  const refusal = isAllowed ? refusalBeforeBody(req) : { ...fromElsewhere, about: { address } }
  if (refusal !== null) return refusePost(deps, app, req, res, refusal)
  await withWebhookBody(req, network, memory, async (body) => {
    if (body.kind === 'too large') return refusePost(deps, app, req, res, bodyTooLarge)
    if (body.kind === 'no room') return refusePost(deps, app, req, res, noRoom)
    if (body.kind === 'gone') return deps.counters.count('refused', { appId: app.appId, reason: 'aborted' })
    if (!verifySignature(body.bytes, signatureOf(req), app.appSecrets)) {
      return refusePost(deps, app, req, res, unsigned)
    }
    const envelope = await readPost(body.bytes)
    await persist(deps, app, envelope)
    await countChanges(envelope, app.appId, deps)
    answer(res, 200, 'received\n')
  })
}

interface Refusal {
  readonly status: number
  readonly reason: string
  readonly headers?: OutgoingHttpHeaders
  readonly isLast?: boolean
  /** What the log says besides. */
  readonly about?: object
}

const fromElsewhere: Refusal = { status: 403, reason: 'source', isLast: true }
const bodyTooLarge: Refusal = { status: 413, reason: 'too large' }
const unsigned: Refusal = { status: 401, reason: 'signature' }
const neverSigned: Refusal = { ...unsigned, isLast: true }
// There is no memory for the body now. Meta sends it again.
const noRoom: Refusal = { status: 503, reason: 'busy', isLast: true, headers: { 'retry-after': '5' } }

/** A missing content type is let through: the signature says who wrote the body, and losing events would be worse. */
function refusalBeforeBody(req: IncomingMessage): Refusal | null {
  const { 'content-encoding': encoding, 'content-type': type } = req.headers
  if (encoding !== undefined) return { status: 415, reason: 'content encoding' }
  if (type !== undefined && !/^application\/json\s*(?:;|$)/i.test(type)) {
    return { status: 415, reason: 'content type' }
  }
  // A post without a well-formed signature is refused before its body is read.
  return isSignature(signatureOf(req)) ? null : neverSigned
}

function refusePost(
  deps: WebhookDeps,
  app: WebhookApp,
  req: IncomingMessage,
  res: ServerResponse,
  { status, reason, headers, isLast = false, about = {} }: Refusal,
): void {
  deps.counters.count('refused', { appId: app.appId, reason })
  deps.log.warn({ appId: app.appId, status, reason, ...about }, 'a webhook was refused')
  const end = isLast ? answerLast : answerEarly
  end(req, res, status, `refused: ${reason}\n`, headers)
}

/** Node joins a repeated header with a comma, which is no well-formed signature. */
function signatureOf(req: IncomingMessage): string | undefined {
  const header = req.headers['x-hub-signature-256']
  return Array.isArray(header) ? header.join(', ') : header
}

function answerUnavailable(
  { counters, log }: WebhookDeps,
  app: WebhookApp,
  res: ServerResponse,
  error: unknown,
) {
  counters.count('unavailable', { appId: app.appId })
  log.error(
    { appId: app.appId, cause: errorText(error) },
    'the webhook was not stored, and Meta was asked to send it again',
  )
  answer(res, 503, 'not stored, send again\n', { 'retry-after': '5' })
}
