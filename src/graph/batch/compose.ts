import { GraphError } from '../error.ts'
import { printParameters } from '../payload.ts'
import type { CallSettings, PreparedCall } from '../prepare.ts'
import type { Credential, Priority } from '../request.ts'
import { appToken } from '../static-credentials.ts'
import { readBatchAnswer, type BatchItem } from './answer.ts'

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
