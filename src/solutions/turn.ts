import type { Party } from '../errors/problem.ts'
import type { SolutionNode } from '../graph/nodes.ts'
import type { FieldTree } from '../graph/fields.ts'
import { statusFields } from './fields.ts'
import { statusOf } from './lifecycle.ts'

/** Whose turn it is in the life of a solution, and why, for a person to read. */
export interface Turn {
  readonly party: Party
  readonly reason: string
}

/** What it takes to tell. */
export const turnFields: FieldTree = [
  ...statusFields,
  { name: 'owner_app', fields: ['id'] },
  {
    name: 'partners',
    limit: 100,
    fields: ['id', 'status', { name: 'partner_app', fields: ['id', 'name'] }],
  },
]

/**
 * As those see it who have `ours`; null when nobody has to do anything, or nobody can say. Meta's guide "Multi-Partner
 * Solutions": the invited partners answer an invitation, the owner asks for deactivation and the other side answers that.
 */
export function turnOf(solution: Partial<SolutionNode>, ours: ReadonlySet<string>): Turn | null {
  switch (statusOf(solution)) {
    case 'DRAFT':
      return ownersTurn(solution, ours)
    case 'INITIATED':
      return partnersTurn(solution, ours, invitation)
    case 'PENDING_DEACTIVATION':
      return partnersTurn(solution, ours, ending)
    case 'ACTIVE':
    case 'REJECTED':
    case 'DEACTIVATED':
    case 'UNKNOWN':
      return null
  }
}

// No call is documented that sends a draft.
function ownersTurn({ owner_app: owner }: Partial<SolutionNode>, ours: ReadonlySet<string>): Turn | null {
  if (!owner) return null
  const party = ours.has(owner.id) ? 'US' : 'PARTNER'
  return { party, reason: "The owner has saved it and not sent the request; Meta's App Dashboard does that." }
}

interface Question {
  readonly text: string
  /** The mutations that answer it. */
  readonly verbs: string
  /** Of a partner's record: from whom no answer comes any more. */
  readonly over: ReadonlySet<string>
}

const invitation: Question = {
  text: 'is invited and has not answered',
  verbs: 'acceptSolution or rejectSolution',
  over: new Set(['ACCEPTED', 'REJECTED', 'DEACTIVATED']),
}
const ending: Question = {
  text: 'is asked to end the solution and has not answered',
  verbs: 'acceptSolutionDeactivation or rejectSolutionDeactivation',
  over: new Set(['REJECTED', 'DEACTIVATED']),
}

function partnersTurn(
  { owner_app: owner, partners }: Partial<SolutionNode>,
  ours: ReadonlySet<string>,
  { text, verbs, over }: Question,
): Turn {
  const asked = (partners?.data ?? []).filter(({ status }) => !over.has(status ?? ''))
  const own = asked.find(({ partner_app: app }) => app && ours.has(app.id))
  const who = (own ?? asked[0])?.partner_app?.name ?? 'The invited partner'
  // Whoever sees a solution takes part in it: where the partners cannot be read, who does not own it was invited.
  const isOurs = own !== undefined || (asked.length === 0 && owner != null && !ours.has(owner.id))
  return isOurs
    ? { party: 'US', reason: `${who} ${text}: ${verbs}.` }
    : { party: 'PARTNER', reason: `${who} ${text}.` }
}
