import type { IncomingMessage, ServerResponse } from 'node:http'
import { StoreUnavailable } from '../events/log.ts'
import {
  documentType,
  maxDocumentBytes,
  type Document,
  type Documents,
  type WaitingDocument,
} from '../lib/documents.ts'
import { admitRequest } from './admit.ts'
import type { Parts } from './parts.ts'
import { replyError, replyJson, type ErrorReply } from './reply.ts'

/**
 * `POST /documents?filename=a.pdf` with a file as the body: a document that waits to be submitted. GraphQL bodies are
 * far smaller than files, and files in them would be parsed as text.
 */
export async function serveDocuments(
  parts: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const admitted = request.method === 'POST' ? admitRequest(parts, request) : notPost
  if (Array.isArray(admitted)) return replyError(response.setHeader('connection', 'close'), ...admitted)
  const bytes = await readBody(parts.documents, request)
  if (Array.isArray(bytes)) return replyError(response.setHeader('connection', 'close'), ...bytes)
  const type = documentType(bytes)
  if (type === null)
    return replyError(response, 415, 'UNSUPPORTED_MEDIA_TYPE', 'A document is a PDF, a JPEG or a PNG file.')
  const held = await keep(parts.documents, { filename: filenameOf(request), type, bytes })
  if (Array.isArray(held)) return replyError(response, ...held)
  replyJson(response, 201, { documentId: held.id, expiresAt: new Date(held.until).toISOString() })
}

const notPost: ErrorReply = [405, 'METHOD_NOT_ALLOWED', 'Send the file with POST.']
const tooLarge: ErrorReply = [413, 'TOO_LARGE', 'A document has 5 MB at most.']
const busy: ErrorReply = [503, 'BUSY', 'Too many documents wait already: try again in a while.']

const storeAway: ErrorReply = [
  503,
  'STORE_UNAVAILABLE',
  'The document cannot be kept now: try again in a while.',
]

async function keep(documents: Documents, document: Document): Promise<WaitingDocument | ErrorReply> {
  try {
    return (await documents.put(document)) ?? busy
  } catch (error) {
    if (error instanceof StoreUnavailable) return storeAway
    throw error
  }
}

function filenameOf({ url = '' }: IncomingMessage): string {
  const given = new URLSearchParams(url.split('?')[1] ?? '').get('filename') ?? ''
  return given.replace(/[^\p{L}\p{N}._ -]/gu, '_').slice(0, 100) || 'document'
}

/** The body, unless it is too long or all uploads together take too much memory. */
async function readBody(documents: Documents, request: IncomingMessage): Promise<Buffer | ErrorReply> {
  const chunks: Buffer[] = []
  const share = documents.arriving()
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > maxDocumentBytes) return tooLarge
      // Without memory for it the body is read to its end and dropped, so that its sender sees the answer.
      if (share.take(chunk.length)) chunks.push(chunk)
      else chunks.length = 0
    }
    return share.isWhole ? Buffer.concat(chunks) : busy
  } finally {
    share.leave()
  }
}
