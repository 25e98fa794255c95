import type { Party as PartyName } from '../errors/problem.ts'
import { builder } from './builder.ts'

export const PartyEnum = builder.enumType('Party', {
  description: 'Who can bring something on.',
  values: {
    US: { description: 'Whoever runs or calls this gateway.' },
    PARTNER: { description: 'The other side of the solution.' },
    CUSTOMER: { description: 'The business that owns the account.' },
    META: { description: 'Graph did not answer, limits, or reviews: wait.' },
  } satisfies Record<PartyName, object>,
})
