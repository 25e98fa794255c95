import { isIP } from 'node:net'

/** Meta's page "Override webhooks": 200 characters at most. */
const longest = 200

/**
 * What speaks against a callback for a customer's webhooks; null when nothing does. Only hosts that the operator has
 * listed: without a list, whoever may call could send a customer's messages anywhere.
 */
export function refuseCallback(text: string, hosts: readonly string[]): string | null {
  if (text.length > longest) return `A callback has ${longest} characters at most.`
  const url = URL.parse(text)
  if (!url || /[\s\\]/.test(text)) return 'A callback is an https URL.'
  if (url.protocol !== 'https:') return 'A callback must be https.'
  if (url.username !== '' || url.password !== '') return 'A callback holds no user name and no password.'
  if (url.hash !== '') return 'A callback has no fragment.'
  return refuseHost(url.hostname, text) ?? refuseUnlisted(url.host, hosts)
}

function refuseHost(name: string, text: string): string | null {
  // Numbers are written in many ways, and all of them come out of URL as plain addresses.
  if (name.startsWith('[') || isIP(name) !== 0) return 'A callback names a host, not an address.'
  if (/^(?:localhost|.*\.(?:localhost|local|internal|lan|home\.arpa))\.?$/.test(name))
    return 'A callback must be reachable for Meta.'
  const isForeign = /(?:^|\.)xn--/.test(name) || /[^\x20-\x7e]/.test(text)
  return isForeign ? 'A callback is plain ASCII, without punycode.' : null
}

function refuseUnlisted(host: string, hosts: readonly string[]): string | null {
  if (hosts.length === 0)
    return 'Callback overrides are off: the operator lists allowed hosts in WEBHOOK_OVERRIDE_HOSTS.'
  if (hosts.some((pattern) => fits(pattern, host))) return null
  return 'The host of this callback is not among those that the operator allows.'
}

/** `*.example.com` is any one name or more below it, and not example.com itself. */
function fits(pattern: string, host: string): boolean {
  return pattern.startsWith('*.')
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : host === pattern
}
