import { verdictOfAccount } from '../alerts/account-events.ts'
import { verdictOfAlert } from '../alerts/alert-verdict.ts'
import type { Severity, Verdict } from '../alerts/verdict.ts'
import type { StoredEvent } from '../events/event.ts'
import { sessionIn, verdictOfSession } from '../alerts/signup-session.ts'
import { builder } from '../graphql/builder.ts'
import { sentIn } from '../graphql/sent.ts'

export const AlertSeverity = builder.enumType('AlertSeverity', {
  description:
    "How serious something is: as Meta says, where Meta does (account_alerts), else the gateway's own judgement.",
  values: {
    CRITICAL: { description: 'Something was refused, or messages cannot be sent.' },
    WARNING: {
      description:
        'Somebody should act, or look: also anything that this release of the gateway does not know.',
    },
    INFORMATIONAL: { description: 'Nothing is wrong.' },
  } satisfies Record<Severity, object>,
})

/** Null of what says nothing of it: a solution, an action of ours, a test, an event that nobody knows. */
export function verdictOf(event: StoredEvent): Verdict | null {
  if (event.kind === 'SIGNUP_SESSION') return verdictOfSession(sessionIn(event))
  if (event.source !== 'WEBHOOK' || event.kind === 'OTHER') return null
  if (event.kind === 'ACCOUNT_ALERT') return verdictOfAlert(event.field, event.event, sentIn(event))
  return event.field === 'account_update' ? verdictOfAccount(event.event, sentIn(event)) : null
}
