import type { IncomingMessage, ServerResponse } from 'node:http'
import { answer, answerEarly } from './answer.ts'
import { readBody } from './body.ts'
import { challengeOf } from './challenge.ts'
import { readEnvelope } from './envelope.ts'
import type { Envelope } from './envelope.ts'
import { eventsOf } from './events.ts'
import type { WebhookApp, WebhookDeps } from './intake.ts'
import { printable } from './printable.ts'
import { tally } from './tally.ts'
import { verifySignature } from './verify.ts'

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
  return async (req, res, appId) => {
    const app = appOf(deps.apps, appId)
    if (app === undefined) return answerEarly(req, res, 404, 'no such webhook\n')
    if (req.method === 'GET') return verify(deps, app, req, res)
    if (req.method !== 'POST') {
      return answerEarly(req, res, 405, 'GET or POST only\n', { allow: 'GET, POST' })
    }
    try {
      await receive(deps, app, req, res)
    } catch (error) {
      unavailable(deps, app, res, error)
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
): Promise<void> {
  deps.counters.count('received', { appId: app.appId })
  const refusal = refusalOf(req)
  if (refusal !== null) return refuse(deps, app, req, res, refusal)
  const body = await readBody(req)
  if (body.kind === 'too large') return refuse(deps, app, req, res, tooLarge)
  if (body.kind === 'gone') return deps.counters.count('refused', { appId: app.appId, reason: 'aborted' })
  if (!verifySignature(body.bytes, signatureOf(req), app.appSecrets)) {
    return refuse(deps, app, req, res, unsigned)
  }
  await keep(deps, app, readEnvelope(decoder.decode(body.bytes)))
  answer(res, 200, 'received\n')
}

// Lenient: a broken byte costs its own string a character, not the thousand changes beside it.
const decoder = new TextDecoder()

async function keep(deps: WebhookDeps, app: WebhookApp, envelope: Envelope): Promise<void> {
  const { appId } = app
  const events = eventsOf(envelope, { appId, receivedAt: deps.now() })
  const result = events.length === 0 ? { stored: 0, duplicates: 0 } : await deps.intake.append(events)
  // A post that brought nothing new has left its letters before.
  if (result.stored > 0) await bury(deps, appId, envelope)
  if (result.stored > 0) deps.counters.count('stored', { appId }, result.stored)
  if (result.duplicates > 0) deps.counters.count('duplicate', { appId }, result.duplicates)
  tally(envelope, appId, deps)
}

/** What could not be read waits, whole, for a release that can. */
async function bury(
  { deadLetters, now }: WebhookDeps,
  appId: string,
  { malformed }: Envelope,
): Promise<void> {
  const receivedAt = now()
  for (const { reason, raw } of malformed)
    await deadLetters.add({ appId, receivedAt, reason, raw: Buffer.from(raw) })
}

interface Refusal {
  readonly status: number
  readonly reason: string
}

const tooLarge: Refusal = { status: 413, reason: 'too large' }
const unsigned: Refusal = { status: 401, reason: 'signature' }

// A missing content type is let through: the signature says who wrote the body, and losing events would be worse.
function refusalOf(req: IncomingMessage): Refusal | null {
  const { 'content-encoding': encoding, 'content-type': type } = req.headers
  if (encoding !== undefined) return { status: 415, reason: 'content encoding' }
  if (type !== undefined && !/^application\/json\s*(?:;|$)/i.test(type)) {
    return { status: 415, reason: 'content type' }
  }
  return null
}

function refuse(
  deps: WebhookDeps,
  app: WebhookApp,
  req: IncomingMessage,
  res: ServerResponse,
  { status, reason }: Refusal,
): void {
  deps.counters.count('refused', { appId: app.appId, reason })
  deps.log.warn({ appId: app.appId, status, reason }, 'webhook refused')
  answerEarly(req, res, status, `refused: ${reason}\n`)
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
