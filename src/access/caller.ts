import type { IncomingMessage } from 'node:http'
import { isIP, isIPv4, type BlockList } from 'node:net'

/** Where a request comes from and what it asked for, as it was before it passed the proxies that are trusted. */
export interface Caller {
  /** IPv4 also where it came inside an IPv6 address; empty once the connection has gone. */
  readonly address: string
  /** What limits count. Somebody with IPv6 has 2^64 addresses, so it is their common beginning; with IPv4 the address. */
  readonly network: string
  /** Name and port, as in `Host`. */
  readonly host: string | undefined
  /** Null where no trusted proxy has said it. */
  readonly protocol: 'http' | 'https' | null
}

type Asked = Pick<IncomingMessage, 'headers'> & {
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/**
 * One API key serves all callers, so the address that a request comes from tells them apart. What `X-Forwarded-*` says
 * counts only when a trusted proxy has sent it; `Forwarded` never does.
 */
export function callerOf({ headers, socket }: Asked, trusted: BlockList): Caller {
  const peer = plainAddress(socket.remoteAddress ?? '') ?? ''
  if (!isIn(trusted, peer)) return { ...placeOf(peer), host: headers.host, protocol: null }
  return {
    ...placeOf(firstStranger(peer, listOf(headers['x-forwarded-for']), trusted)),
    host: listOf(headers['x-forwarded-host'])[0] ?? headers.host,
    protocol: protocolOf(listOf(headers['x-forwarded-proto'])[0]),
  }
}

/**
 * Each proxy appends whom it was called by, so the list is walked from its end: what stands before the first address that
 * is no trusted proxy's was written by that caller. What is no address ends the walk.
 */
function firstStranger(peer: string, hops: readonly string[], trusted: BlockList): string {
  let caller = peer
  for (const hop of hops.toReversed()) {
    const address = plainAddress(hop)
    if (address === null) return caller
    caller = address
    if (!isIn(trusted, address)) return caller
  }
  return caller
}

export function isIn(list: BlockList, address: string): boolean {
  return address !== '' && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

function listOf(header: string | string[] | undefined): string[] {
  const text = String(header ?? '').trim()
  return text === '' ? [] : text.split(',').map((item) => item.trim())
}

function protocolOf(name: string | undefined): Caller['protocol'] {
  if (/^(?:https|wss)$/i.test(name ?? '')) return 'https'
  return /^(?:http|ws)$/i.test(name ?? '') ? 'http' : null
}

/** An address in its one form, without the port that some proxies add; null when it is none. */
export function plainAddress(text: string): string | null {
  const [, bracketed, dotted] = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/.exec(text) ?? []
  const address = (bracketed ?? dotted ?? text).replace(/%.*$/, '')
  const version = isIP(address)
  if (version !== 6) return version === 4 ? address : null
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical) ?? []
  if (high === undefined || low === undefined) return canonical
  return [high, low].flatMap((part) => [parseInt(part, 16) >> 8, parseInt(part, 16) & 255]).join('.')
}

function placeOf(address: string): Pick<Caller, 'address' | 'network'> {
  if (!address.includes(':')) return { address, network: address }
  const [start = '', end = ''] = address.split('::')
  const [before, after] = [start, end].map((part) => part.split(':').filter(Boolean)) as [string[], string[]]
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const groups = address.includes('::') ? [...before, ...zeros, ...after] : before
  return { address, network: `${groups.slice(0, 4).join(':')}::/64` }
}
