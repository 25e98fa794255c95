import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'

export type PackedFile = { hash: string; gzipped: Uint8Array<ArrayBuffer> }
type PackedName = 'js' | 'css' | 'editorWorkerService' | 'jsonWorker' | 'graphqlWorker'
type PackedBundle = Record<PackedName, PackedFile>

const TASK = 'pack GraphiQL'

/**
 * GraphiQL's files, compressed. Its bundle is a module of 9 MB, which would stay in memory for good once it is
 * loaded: so another thread loads it, hands over the compressed bytes and ends.
 */
export function packBundle(): Promise<PackedBundle> {
  const { promise, resolve, reject } = Promise.withResolvers<PackedBundle>()
  const worker = new Worker(new URL(import.meta.url), { workerData: TASK })
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', (code) =>
    reject(new Error(`GraphiQL could not be packed: the thread ended with ${code}`)),
  )
  return promise
}

export function pack(text: string): PackedFile {
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16)
  return { hash, gzipped: Uint8Array.from(gzipSync(text)) }
}

if (!isMainThread && workerData === TASK) {
  const bundle: Record<PackedName, string> = createRequire(import.meta.url)(
    '@graphql-yoga/render-graphiql/graphiql',
  )
  const packed: PackedBundle = {
    js: pack(bundle.js),
    css: pack(bundle.css),
    editorWorkerService: pack(bundle.editorWorkerService),
    jsonWorker: pack(bundle.jsonWorker),
    graphqlWorker: pack(bundle.graphqlWorker),
  }
  const buffers = Object.values(packed).map((file) => file.gzipped.buffer)
  parentPort?.postMessage(packed, buffers)
}
