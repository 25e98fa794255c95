import type { PartnerStatus, PendingRequest, SolutionStatus } from '../world/rows.ts'

export type LifecycleCall =
  | 'accept'
  | 'reject'
  | 'send_deactivation_request'
  | 'accept_deactivation_request'
  | 'reject_deactivation_request'

export type State = `${SolutionStatus}/${PendingRequest}`
/** How the calling app stands to the solution: its owner, or a partner by the status of its row. */
export type Role = 'owner' | `partner ${PartnerStatus}`

export type Outcome =
  | 'PARTNER_ACCEPTS'
  | 'REJECTED'
  | 'DEACTIVATION_ASKED'
  | 'DEACTIVATED'
  | 'DEACTIVATION_DECLINED'

interface Rule {
  readonly call: LifecycleCall
  readonly state: State
  readonly by: readonly Role[]
  readonly outcome: Outcome
}

// Every step that is possible; what is not here is refused.
// "Guide" is Meta's page "Multi-Partner Solutions", "reference" the v25.0 pages under
// business-messaging/whatsapp/reference/whatsapp-business-solution.
export const rules: readonly Rule[] = [
  // Reference "Solution Accept API": only an invited app, while the solution is INITIATED
  {
    call: 'accept',
    state: 'INITIATED/PENDING_ACTIVATION',
    by: ['partner NOTIFICATION_SENT'],
    outcome: 'PARTNER_ACCEPTS',
  },
  // Guide: the invited partner rejects, and cannot once it has accepted. (The v23 OpenAPI file says the owner.)
  {
    call: 'reject',
    state: 'INITIATED/PENDING_ACTIVATION',
    by: ['partner NOTIFICATION_SENT'],
    outcome: 'REJECTED',
  },
  // Guide: by the owner, while the solution is Active. (The reference lets any partner, also while INITIATED.)
  {
    call: 'send_deactivation_request',
    state: 'ACTIVE/NONE',
    by: ['owner'],
    outcome: 'DEACTIVATION_ASKED',
  },
  // Reference "Accept Deactivation Request API": another partner than the one that asked
  {
    call: 'accept_deactivation_request',
    state: 'ACTIVE/PENDING_DEACTIVATION',
    by: ['partner ACCEPTED'],
    outcome: 'DEACTIVATED',
  },
  // Reference "Reject Deactivation Request API": a partner, about the owner's request
  {
    call: 'reject_deactivation_request',
    state: 'ACTIVE/PENDING_DEACTIVATION',
    by: ['partner ACCEPTED'],
    outcome: 'DEACTIVATION_DECLINED',
  },
]
