import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { loadAssets } from './assets.ts'
import type { Asset, Assets } from './assets.ts'
import { pageHeaders, pageHtml } from './page.ts'

export type GraphiqlTab = { name: string; query: string; variables?: string; headers?: string }

export type GraphiqlOptions = {
  /** Open when somebody comes for the first time. A query that does not start with a comment gets its name as one. */
  tabs: readonly GraphiqlTab[]
  endpoint: '/graphql'
  title: string
  /** Over WS GraphiQL sends no headers, so no API key either; SSE sends what the headers editor holds. */
  subscriptionsProtocol: 'SSE' | 'WS' | 'GRAPHQL_SSE'
  additionalHeaders?: Record<string, string>
}

export type Graphiql = {
  page(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** False when there is no such file. */
  asset(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean>
}

const decompress = promisify(gunzip)

/** GraphiQL served from this process alone. Nothing is loaded before somebody asks for it. */
export function createGraphiql(options: GraphiqlOptions): Graphiql {
  let loading: Promise<Assets> | undefined
  const assets = async (): Promise<Assets> => {
    loading ??= loadAssets(options)
    return loading.catch((error: unknown) => {
      loading = undefined
      throw error
    })
  }
  return {
    async page(request, response) {
      if (refuseMethod(request, response)) return
      const html = Buffer.from(pageHtml(options.title, (await assets()).paths))
      response.writeHead(200, {
        ...pageHeaders(options.subscriptionsProtocol),
        'content-length': html.length,
      })
      response.end(request.method === 'HEAD' ? undefined : html)
    },
    async asset(request, response, pathname) {
      const asset = (await assets()).byPath.get(pathname)
      if (asset === undefined) return false
      if (!refuseMethod(request, response)) await sendAsset(request, response, asset)
      return true
    },
  }
}

function refuseMethod(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false
  response.writeHead(405, { allow: 'GET, HEAD' }).end()
  return true
}

async function sendAsset(request: IncomingMessage, response: ServerResponse, asset: Asset): Promise<void> {
  const { gzipped } = asset
  const asIs = acceptsGzip(request)
  const body = asIs ? gzipped : await decompress(gzipped)
  response.writeHead(200, {
    'content-type': asset.type,
    'content-length': body.length,
    ...(asIs && { 'content-encoding': 'gzip' }),
    vary: 'accept-encoding',
    // The name changes with the content.
    'cache-control': 'public, max-age=31536000, immutable',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  return /\bgzip\b/i.test(accepted) && !/\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)/i.test(accepted)
}
