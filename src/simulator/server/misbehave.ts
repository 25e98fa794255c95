import type { ServerResponse } from 'node:http'

import type { Rule } from '../faults/faults.ts'
import type { Answer } from '../graph/call.ts'
import type { Entry } from './journal.ts'
import { sendJson, sendText } from './send.ts'

/** Faults in which the work is never done. */
export function insteadOfAnswer(rules: readonly Rule[], response: ServerResponse, entry: Entry): boolean {
  for (const rule of rules) {
    if (rule.kind === 'hang') return true
    if (rule.kind === 'reset') {
      response.socket?.resetAndDestroy()
      return true
    }
    if (rule.kind === 'html') {
      entry.status = rule.status
      const page =
        rule.body ?? '<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>'
      sendText(response, rule.status, page, { 'content-type': 'text/html; charset=utf-8' })
      return true
    }
  }
  return false
}

/** Faults after the work: the answer is cut short, or never leaves. */
export function deliver(
  rules: readonly Rule[],
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  if (rules.some((rule) => rule.kind === 'lostReply')) {
    response.socket?.destroy()
  } else if (rules.some((rule) => rule.kind === 'truncate')) {
    const bytes = Buffer.from(JSON.stringify(body))
    response.writeHead(status, {
      ...headers,
      'content-type': 'application/json',
      'content-length': bytes.length,
    })
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
  } else {
    sendJson(response, status, body, headers)
  }
}
