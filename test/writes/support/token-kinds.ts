import type { SimulatorState } from '../../../src/simulator/simulator.ts'
import type { Call } from './wire.ts'

export type Kind = 'system' | 'business' | 'user' | 'app' | 'none' | 'stranger'

/** Whose token a call carried. */
export function kindOf({ token }: Call, { tokens, people }: SimulatorState): Kind {
  if (token === null) return 'none'
  if (people.some((person) => person.token === token)) return 'user'
  return tokens.find((row) => row.token === token)?.kind ?? 'stranger'
}

/** Fields that only the customer's token reads: Meta's page "Share and revoke credit lines". */
const customersOwn = new Set(['owner_business_info', 'primary_funding_id', 'verification_status'])

/** A call without its ids, e.g. `GET /{waba}/phone_numbers`; of a node also which of the customer's own fields it reads. */
export function shapeOf({ method, path, query }: Call, state: SimulatorState): string {
  const [id = '', ...edge] = path.slice(1).split('/')
  const ids = query.get('ids')?.split(',') ?? [id]
  const node = nodeOf(ids[0] ?? '', state) ?? id
  const fields =
    edge.length > 0 ? [] : fieldsIn(query.get('fields') ?? '').filter((name) => customersOwn.has(name))
  return [`${method} /${[node, ...edge].join('/')}`, ...fields].join(' ')
}

const fieldsIn = (text: string): readonly string[] => text.split(/[,{}()]/)

function nodeOf(id: string, state: SimulatorState): string | null {
  const { apps, solutions, accounts, businesses, creditLines, allocations, intents } = state
  if (apps.some(({ appId }) => appId === id)) return '{app}'
  const kinds = {
    solution: solutions,
    waba: accounts,
    business: businesses,
    creditLine: creditLines,
    allocation: allocations,
  }
  for (const [name, rows] of Object.entries(kinds)) if (rows.some((row) => row.id === id)) return `{${name}}`
  if (intents.some((row) => row.id === id)) return '{intent}'
  if (accounts.some(({ phoneNumbers }) => phoneNumbers.some((phone) => phone.id === id))) return '{phone}'
  return /^\d+$/.test(id) ? '{other}' : null
}
