import type { Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { readAudit } from '../writes/audit.ts'
import { eventsReceivedSince } from '../events/page.ts'

// Meta's page "Error codes": the number has to be verified before it is registered, also where it was verified before.
const notVerified = 133_006
const lastsMs = 72 * 60 * 60_000

/** The writes that tell whether numbers have to be verified once more, whichever app of ours sent them. */
export function readVerifications(ctx: Ctx): Promise<readonly StoredEvent[]> {
  const filter = {
    appIds: ctx.apps.map(({ appId }) => appId),
    sources: ['GATEWAY'] as const,
    kinds: ['OTHER', 'CLIENT_WABA_UPDATED'] as const,
  }
  return eventsReceivedSince(ctx.log, filter, ctx.clock() - lastsMs)
}

/** Whether Graph has refused a number as not verified, and no code was taken for it since. */
export function mustVerifyAgain(events: readonly StoredEvent[], phoneNumberId: string): boolean {
  const object = `phone_number:${phoneNumberId}`
  const last = events.findLast(({ payload }) => {
    if (!payload.includes(`"${object}"`)) return false
    const audit = readAudit(payload)
    return audit?.object === object && (audit.graphCode === notVerified || isVerified(audit))
  })
  return last !== undefined && readAudit(last.payload)?.graphCode === notVerified
}

const isVerified = ({ verb, outcome }: { readonly verb: string; readonly outcome: string }): boolean =>
  verb === 'verify_code' && outcome === 'DONE'
