import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { escapeHtml, loadAssets, type Asset, type Assets, type GraphiqlOptions } from './assets.ts'

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

function pageHtml(title: string, paths: Assets['paths']): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <link rel="icon" type="image/svg+xml" href="${paths.icon}">
    <link rel="stylesheet" href="${paths.style}">
    <style>${stillTabs}</style>
    <script defer src="${paths.start}"></script>
    <script defer src="${paths.script}"></script>
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
  </body>
</html>
`
}

// GraphiQL's tabs carry a shift from its first layout, which its own style hides until a tab has the focus: a tab that is
// pressed would jump away from under the pointer, and the click would miss it.
const stillTabs = '.graphiql-tab.graphiql-tab { transform: none !important }'

function pageHeaders(protocol: GraphiqlOptions['subscriptionsProtocol']): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy': contentSecurityPolicy(protocol === 'WS'),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  }
}

function contentSecurityPolicy(webSockets: boolean): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    // The editor writes its colours and positions into style elements and attributes.
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    // Not every browser takes 'self' to mean WebSockets of the same origin.
    `connect-src 'self'${webSockets ? ' ws: wss:' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
