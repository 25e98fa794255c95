import type { ServerResponse } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { GraphErrorKind } from '../../../src/graph/error.ts'
import { sendJson } from './upstream.ts'

export interface BadAnswer {
  readonly name: string
  readonly answer: (response: ServerResponse) => void
  readonly kind: GraphErrorKind
  /** How many requests a read makes of it. */
  readonly tries: number
  /** Whether a write may have happened. */
  readonly unknown: boolean
}

type Row = readonly [
  name: string,
  answer: BadAnswer['answer'],
  kind: GraphErrorKind,
  tries: number,
  unknown: boolean,
]

const envelope =
  (status: number, error: object, headers = {}) =>
  (response: ServerResponse) =>
    sendJson(
      response,
      status,
      { error: { message: 'said Graph', type: 'OAuthException', ...error } },
      headers,
    )

const raw =
  (status: number, body: string | Buffer, headers = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end(body)

const packed = (encoding: string, body: Buffer) => raw(200, body, { 'content-encoding': encoding })

// 64 MB of spaces: 64 KB on the wire, and valid JSON were it not for its size.
const BOMB = Buffer.concat([Buffer.from('{'), Buffer.alloc(64 * 1024 * 1024, ' '), Buffer.from('}')])
const gzipBomb = gzipSync(BOMB, { level: 9 })
const deflateBomb = deflateSync(BOMB, { level: 9 })
const brotliBomb = brotliCompressSync(BOMB)

const LINES = {
  html: '<!doctype html><title>Sorry</title><p>Something went wrong.</p>',
  truncated: '{"data":[{"id":"1"},{"id":',
}

function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy()
}

function resetMidBody(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 1000 }).write('{"data":[')
  setImmediate(() => response.socket?.resetAndDestroy())
}

function shorterThanSaid(response: ServerResponse): void {
  response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"id":"1"}')
}

function longerThanSaid(response: ServerResponse): void {
  response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n{"id":"1"}')
}

function brokenChunk(response: ServerResponse): void {
  response.socket?.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{"id":"1"}\r\n0\r\n\r\n')
}

function noHttp(response: ServerResponse): void {
  response.socket?.end('SSH-2.0-OpenSSH_9.9\r\n\r\n')
}

function dribble(response: ServerResponse): void {
  response.writeHead(200).write('{')
  const timer = setInterval(() => response.write(' '), 10)
  response.on('close', () => clearInterval(timer))
}

function hangInBody(response: ServerResponse): void {
  response.writeHead(200).write('{"id"')
}

const REDIRECT = { location: 'http://127.0.0.1:9/steal' }
const HUGE_HEADER = { 'x-huge': 'h'.repeat(100_000) }

const ROWS: readonly Row[] = [
  ['an HTML page with 200', raw(200, LINES.html), 'malformed', 3, true],
  ['an empty 200', raw(200, ''), 'malformed', 3, true],
  ['a 204', raw(204, ''), 'malformed', 3, true],
  ['null', raw(200, 'null'), 'malformed', 3, true],
  ['an array', raw(200, '[{"id":"1"}]'), 'malformed', 3, true],
  ['a bare string', raw(200, '"ok"'), 'malformed', 3, true],
  ['true', raw(200, 'true'), 'malformed', 3, true],
  ['truncated JSON', raw(200, LINES.truncated), 'malformed', 3, true],
  ['two objects in a row', raw(200, '{"id":"1"}{"id":"2"}'), 'malformed', 3, true],
  ['nesting without end', raw(200, '['.repeat(200_000)), 'malformed', 3, true],
  ['less than its content-length', shorterThanSaid, 'network', 3, true],
  ['more than its content-length', longerThanSaid, 'malformed', 3, true],
  ['a broken chunk', brokenChunk, 'malformed', 3, true],
  ['another protocol', noHttp, 'malformed', 3, true],
  ['a reset before any answer', reset, 'network', 3, true],
  ['a reset in mid-body', resetMidBody, 'network', 3, true],
  ['silence', () => undefined, 'timeout', 1, true],
  ['a body that stops', hangInBody, 'timeout', 1, true],
  ['a body that drips', dribble, 'timeout', 1, true],
  ['a gzip bomb nobody asked for', packed('gzip', gzipBomb), 'too-large', 1, true],
  ['a deflate bomb', packed('deflate', deflateBomb), 'too-large', 1, true],
  ['a brotli bomb', packed('br', brotliBomb), 'too-large', 1, true],
  ['5 MB of plain JSON', raw(200, `{"a":"${'x'.repeat(5_000_000)}"}`), 'too-large', 1, true],
  ['truncated gzip', packed('gzip', gzipSync('{"id":"1"}').subarray(0, 20)), 'malformed', 3, true],
  ['an unknown encoding', packed('constructor', Buffer.from('{}')), 'malformed', 3, true],
  ['headers of 100 KB', raw(200, '{}', HUGE_HEADER), 'too-large', 1, true],
  ['a 301', raw(301, '', REDIRECT), 'malformed', 1, true],
  ['a 302', raw(302, '{"id":"1"}', REDIRECT), 'malformed', 1, true],
  ['a 307', raw(307, '', REDIRECT), 'malformed', 1, true],
  ['a 304', raw(304, ''), 'malformed', 1, true],
  ['a 403 page', raw(403, LINES.html), 'malformed', 1, true],
  ['a 404 page', raw(404, LINES.html), 'malformed', 1, true],
  ['a 400 with JSON that is no error', raw(400, '{"success":false}'), 'malformed', 1, true],
  ['a 429 page', raw(429, LINES.html), 'throttled', 1, false],
  ['a 500 without a body', raw(500, ''), 'unavailable', 3, true],
  ['a 502 page', raw(502, LINES.html), 'unavailable', 3, true],
  ['a 503 with an error that is a string', raw(503, '{"error":"overloaded"}'), 'unavailable', 3, true],
  ['a 504 page', raw(504, LINES.html), 'unavailable', 3, true],
  ['an error in a 200', envelope(200, { code: 100 }), 'invalid', 1, false],
  ['an error without a code', envelope(400, {}), 'invalid', 1, true],
  ['an error whose code is a string', envelope(400, { code: '190' }), 'token', 1, false],
  ['an unknown code', envelope(400, { code: 987654 }), 'invalid', 1, false],
  ['an unknown code with 500', envelope(500, { code: 987654 }), 'unavailable', 3, true],
  [
    'an unknown code that is transient',
    envelope(400, { code: 987654, is_transient: true }),
    'unavailable',
    3,
    true,
  ],
  ['code 1', envelope(500, { code: 1 }), 'unavailable', 3, true],
  ['code 2', envelope(503, { code: 2, is_transient: true }), 'unavailable', 3, true],
  ['code 190 with 500', envelope(500, { code: 190, error_subcode: 463 }), 'token', 1, false],
  ['code 200', envelope(403, { code: 200 }), 'permission', 1, false],
  ['code 803', envelope(404, { code: 803 }), 'not-found', 1, false],
  ['code 100 with subcode 33', envelope(400, { code: 100, error_subcode: 33 }), 'not-found', 1, false],
  ...[4, 17, 32, 341, 613, 80007, 80008, 130429].map((code): Row => [
    `code ${code}`,
    envelope(400, { code, is_transient: true }),
    'throttled',
    1,
    false,
  ]),
]

export const BAD_ANSWERS: readonly BadAnswer[] = ROWS.map(([name, answer, kind, tries, unknown]) => ({
  name,
  answer,
  kind,
  tries,
  unknown,
}))
