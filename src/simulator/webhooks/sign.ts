import { createHmac } from 'node:crypto'

import type { Json } from '../json.ts'

/**
 * The bytes as Meta writes them: everything outside ASCII as \uXXXX in lower case, and slashes escaped
 * (Messenger's page "Webhooks"). Who parses and writes them anew gets other bytes, and another signature.
 */
export function encodeBody(body: Json): Buffer {
  const text = JSON.stringify(body)
    .replaceAll('/', String.raw`\/`)
    .replaceAll(/[^\0-\u007f]/g, (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'))
  return Buffer.from(text, 'latin1')
}

/** Value of `X-Hub-Signature-256`: over the raw bytes, with the app's secret. */
export const sign = (secret: string, bytes: Buffer): string =>
  `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`
