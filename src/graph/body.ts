import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { GraphError } from './error.ts'

const INFLATERS: Readonly<
  Record<string, (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** Reads a body to its end. The cap holds for what came over the wire and for what it inflates to. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  maxBytes: number,
): Promise<string> {
  const data = await collect(body, maxBytes)
  const label = encoding?.trim().toLowerCase() ?? 'identity'
  return (label === 'identity' || label === '' ? data : await inflateBody(data, label, maxBytes)).toString()
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

async function inflateBody(data: Buffer, label: string, maxBytes: number): Promise<Buffer> {
  const inflater = Object.hasOwn(INFLATERS, label) ? INFLATERS[label] : undefined
  if (inflater === undefined) throw new GraphError('malformed', "Graph's answer has an unknown encoding.")
  try {
    return await inflater(data, { maxOutputLength: maxBytes })
  } catch (error) {
    const over = error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw over ? tooLarge(maxBytes) : new GraphError('malformed', "Graph's answer cannot be inflated.")
  }
}

function tooLarge(maxBytes: number): GraphError {
  return new GraphError('too-large', `Graph's answer is larger than ${maxBytes} bytes.`)
}
