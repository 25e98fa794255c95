import type { IncomingHttpHeaders } from 'node:http'

const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * False for what a web page makes a browser send: its origin stands in the request, or, where its name was made to
 * resolve to this machine, that name as the host.
 */
export function isLocal({ host, origin }: IncomingHttpHeaders): boolean {
  if (!loopback.test(host ?? '')) return false
  return origin === undefined || loopback.test(/^https?:\/\/(.+)$/i.exec(origin)?.[1] ?? '')
}
