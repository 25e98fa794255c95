import type { Assets } from './assets.ts'
import { escapeHtml } from './bootstrap.ts'
import type { GraphiqlOptions } from './graphiql.ts'

export function pageHtml(title: string, paths: Assets['paths']): string {
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

export function pageHeaders(protocol: GraphiqlOptions['subscriptionsProtocol']): Record<string, string> {
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
