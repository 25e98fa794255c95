import { GraphError } from './error.ts'
import type { Located } from './locate.ts'
import type { Scope } from '../nodes/bound.ts'

// Meta's page "Rate limits", WhatsApp Business Management
const metered = new Set([
  'GET waba',
  'GET waba/phone_numbers',
  'GET phone',
  ...['GET', 'POST', 'DELETE'].flatMap((method) => [
    `${method} waba/assigned_users`,
    `${method} waba/message_templates`,
    `${method} waba/subscribed_apps`,
  ]),
])
const idle = 200
const active = 5000

/** 5000 calls an hour for an account with a registered number, 200 for one without; per app. */
function limitOf({ world }: Scope, wabaId: string): number {
  const phones = world.wabas.get(wabaId)?.phoneIds ?? []
  return phones.some((id) => world.phones.get(id)?.registered === true) ? active : idle
}

export function throttled(code: number): GraphError {
  const where = code === 80008 || code === 80007 ? 'this WhatsApp Business Account' : 'this app'
  return new GraphError(code, `(#${code}) There have been too many calls for ${where}. Wait and try again.`, {
    transient: true,
  })
}

/** Counts the call against the account's hour, says so in the header, and refuses it when the hour is full. */
export function chargeAccount(scope: Scope, key: string, { wabaId }: Located): void {
  if (wabaId === undefined || !metered.has(key)) return
  const { caller, sim, world, headers } = scope
  const reading = sim.meters.charge(`${caller.app.id} ${wabaId}`, limitOf(scope, wabaId))
  const owner = caller.kind === 'app' ? caller.app.businessId : caller.businessId
  const named = world.settings.usageKey === 'waba' ? wabaId : owner
  headers.set('x-business-use-case-usage', accountUsage(named, reading.percent, reading.regainMinutes))
  if (reading.over) throw throttled(80008)
}

/** No page of Meta's names the `type` for WhatsApp; this one is a guess. */
export const accountUsage = (id: string, percent: number, minutes: number): string =>
  JSON.stringify({
    [id]: [
      {
        type: 'whatsapp',
        call_count: percent,
        total_cputime: percent,
        total_time: percent,
        estimated_time_to_regain_access: minutes,
      },
    ],
  })

/** The platform's own limit: 200 calls an hour for each daily user of the app. */
export function chargeApp(scope: Scope): void {
  const { caller, sim, world, headers } = scope
  const { percent, over } = sim.meters.charge(caller.app.id, 200 * world.settings.dailyActiveUsers)
  headers.set('x-app-usage', appUsage(percent))
  if (over) throw throttled(4)
}

export const appUsage = (percent: number): string =>
  JSON.stringify({ call_count: percent, total_time: percent, total_cputime: percent })
