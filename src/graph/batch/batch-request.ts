import { z } from 'zod'
import { GraphError } from '../error.ts'
import { printParameters, type CallSettings, type PreparedCall } from '../prepare.ts'
import type { Priority } from '../endpoint.ts'
import { type Credential, appToken } from '../viewer.ts'
import { judgeReply, parseBody } from '../answer.ts'
import type { HttpReply, HeaderBag } from '../transport.ts'

type Call = PreparedCall<unknown>

/**
 * Several reads as one POST: developers.facebook.com/docs/graph-api/batch-requests. Each item carries its own token and
 * proof. The outer token is the app's own, which sees nothing of a customer, should Graph ever fall back to it.
 */
export function composeBatch(
  items: readonly [Call, ...Call[]],
  { root, prove }: CallSettings,
): PreparedCall<readonly BatchItem[]> {
  const { appId, appSecret } = signed(items[0])
  const token = appToken(appId, appSecret)
  const proof = prove(token, appSecret)
  const batch = JSON.stringify(items.map(printItem))
  const bytes = printParameters({ batch, include_headers: 'true' })
  const target = `${root}/?appsecret_proof=${proof}`
  const own = [token, encodeURIComponent(token), proof]
  const secrets = [...new Set([...own, ...items.flatMap((item) => item.secrets)])]
  return {
    ...items[0],
    http: { method: 'POST', target, token, payload: { type: 'application/x-www-form-urlencoded', bytes } },
    relative: '',
    body: null,
    route: '/',
    resource: 'POST /',
    expect: null,
    read: (reply) => readBatchAnswer(reply, items.length, secrets),
    secrets,
    credential: { appId, appSecret, kind: 'app', token },
    who: `app ${proof.slice(0, 16)}`,
    object: null,
    slots: [...new Set(items.flatMap((item) => item.slots))],
    priority: strongest(items),
    parts: items,
  }
}

function strongest(items: readonly Call[]): Priority {
  const has = (priority: Priority): boolean => items.some((item) => item.priority === priority)
  if (has('change')) return 'change'
  return has('foreground') ? 'foreground' : 'background'
}

interface Item {
  readonly method: string
  readonly relative_url: string
  readonly body?: string
}

function printItem(call: Call): Item {
  const { token } = signed(call)
  const relative_url = `${call.relative}&access_token=${encodeURIComponent(token)}`
  const body = call.body === null ? {} : { body: printParameters(call.body) }
  return { method: call.http.method, relative_url, ...body }
}

function signed({ credential }: Call): Credential {
  if (credential.kind !== 'none') return credential
  throw new GraphError('input', 'A call without a token cannot go into a batch.')
}

/** An item's reply as if it had come alone; null when Graph did not finish it, an error when it is none at all. */
export type BatchItem = HttpReply | GraphError | null

const headersShape = z
  .array(
    z
      .looseObject({ name: z.string().max(200), value: z.string() })
      .nullable()
      .catch(null),
  )
  .nullish()
  .catch(null)
const itemShape = z.looseObject({
  code: z.int().min(100).max(599),
  headers: headersShape,
  // Only a string is shown; an empty item has none.
  body: z.string().nullish(),
})

/** Reads the outer answer of a batch: developers.facebook.com/docs/graph-api/batch-requests */
export function readBatchAnswer(
  reply: HttpReply,
  count: number,
  secrets: readonly string[],
): readonly BatchItem[] {
  const answer = parseBody(reply.text)
  const refusal = judgeReply(answer, reply, secrets)
  if (refusal !== null) throw refusal
  if (Array.isArray(answer) && answer.length === count) return answer.map(readItem)
  throw new GraphError('malformed', 'Graph did not answer each item of a batch.', {
    httpStatus: reply.status,
  })
}

function readItem(item: unknown): BatchItem {
  if (item === null) return null
  const { success, data } = itemShape.safeParse(item)
  if (!success) return new GraphError('malformed', "An item of Graph's batch answer is none.")
  return { status: data.code, headers: bagOf(data.headers), text: data.body ?? '' }
}

function bagOf(rows: z.output<typeof headersShape>): HeaderBag {
  return Object.fromEntries(
    (rows ?? []).flatMap((row) => (row === null ? [] : [[row.name.toLowerCase(), row.value] as const])),
  )
}
