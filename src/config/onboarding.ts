import { z } from 'zod'
import { isLoopback } from './loopback.ts'

const name = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))+(?::\d{1,5})?$/

/** Hosts that customers' webhooks may be sent to, with commas between them. */
export const OverrideHosts = z
  .string()
  .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
  .refine(
    (hosts) => hosts.every((host) => name.test(host) && !/^[\d.:]+$/.test(host) && !host.includes('xn--')),
    'must be host names such as hooks.example.com or *.example.com, with commas between them',
  )

/** Addresses that redirect dialogs of Embedded Signup end at, with commas between them. Compared as they are. */
export const RedirectUris = z
  .string()
  .transform((text) => text.split(',').map((uri) => uri.trim()))
  .refine(
    (uris) => uris.every(isRedirectUri),
    'must be https URLs without user name and fragment (http on a loopback host), with commas between them',
  )

function isRedirectUri(text: string): boolean {
  const url = /^[\x21-\x7e]{1,2000}$/.test(text) ? URL.parse(text) : null
  if (!url || url.username !== '' || url.password !== '' || text.includes('#')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

const currencies = ['AUD', 'EUR', 'GBP', 'IDR', 'INR', 'USD'] as const

/** What is done by itself when a customer has shared an account. */
export interface AutoOnboard {
  readonly subscribe: boolean
  /** The currency in which credit is shared; null when none is. */
  readonly creditCurrency: (typeof currencies)[number] | null
}

const rules = new Map<string, AutoOnboard>([
  ['off', { subscribe: false, creditCurrency: null }],
  ['subscribe', { subscribe: true, creditCurrency: null }],
  ...currencies.map(
    (currency) => [`subscribe,credit:${currency}`, { subscribe: true, creditCurrency: currency }] as const,
  ),
])

export const AutoOnboard = z.string().transform((text, issues): AutoOnboard => {
  const rule = rules.get(text)
  if (rule) return rule
  issues.addIssue(`must be off, subscribe or subscribe,credit: with one of ${currencies.join(', ')}`)
  return z.NEVER
})
