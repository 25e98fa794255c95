import type { ServerResponse } from 'node:http'

import type { Ending } from '../faults/ending.ts'
import type { Answer } from '../graph/call.ts'
import { traced } from '../graph/trace.ts'
import type { Entry } from './journal.ts'
import { sendJson, sendText } from './send.ts'

/** Lets a call end on the wire as it is to end; the journal keeps what the client could have seen. */
export function deliver(ending: Ending, response: ServerResponse, entry: Entry): void {
  switch (ending.kind) {
    case 'answer': {
      const { status, body, headers } = noted(ending.answer, entry)
      return sendJson(response, status, body, headers)
    }
    case 'half':
      return sendHalf(response, noted(ending.answer, entry))
    case 'page': {
      const headers = { 'content-type': 'text/html; charset=utf-8' }
      const full = noted({ status: ending.status, headers, body: null }, entry)
      return sendText(response, full.status, ending.page, full.headers)
    }
    case 'drop':
      return void response.socket?.destroy()
    case 'reset':
      return void response.socket?.resetAndDestroy()
    case 'hang':
    case 'null':
      return
  }
}

function noted(answer: Answer, entry: Entry): Answer {
  const full = traced(answer)
  entry.status = full.status
  entry.trace = full.headers['x-fb-trace-id'] ?? null
  return full
}

function sendHalf(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(JSON.stringify(body))
  const labels = { 'content-type': 'application/json', 'content-length': bytes.length }
  response.writeHead(status, { ...headers, ...labels })
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
}
