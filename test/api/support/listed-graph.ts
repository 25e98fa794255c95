import type { Endpoint } from '../../../src/graph/endpoint.ts'
import { asGraphError, type GraphOutcome } from '../../../src/graph/error.ts'
import type { Graph } from '../../../src/graph/graph.ts'
import type { ChangingList } from '../../reads/support/changing-list.ts'

type Node = Readonly<Record<string, unknown>>

/** What nodes of every type have, so that each of them is taken for what it is asked as. */
const witnesses: Node = {
  status_for_pending_request: 'NONE',
  message_template_namespace: 'namespace',
  display_phone_number: '+1',
  legal_entity_name: 'Legal',
  request_status: 'ACTIVE',
  receiving_business: { id: '55' },
  owner_business: { id: '55' },
}

/** A Graph with one list, whichever it is asked for, as an edge of its own and inside `fields=`. */
export function listedGraph(edge: string, list: Pick<ChangingList, 'fetch'>): Graph {
  const rowsOf = async (limit: number, after: string | null) => {
    const page = await list.fetch(limit, after)
    return { ...page, data: page.data.map(({ id }) => ({ ...witnesses, id })) }
  }

  async function answer({ path: [id, name], query }: Endpoint<unknown>): Promise<unknown> {
    const { fields = '', limit = '25', after = null } = query ?? {}
    if (name !== undefined) return rowsOf(Number(limit), after)
    const nested = new RegExp(`\\b${edge}\\.limit\\((\\d+)\\)`).exec(fields)?.[1]
    return { ...witnesses, id, ...(nested && { [edge]: await rowsOf(Number(nested), null) }) }
  }

  const outcome = async (endpoint: Endpoint<unknown>): Promise<GraphOutcome> => {
    try {
      return { value: await answer(endpoint) }
    } catch (error) {
      return { error: asGraphError(error) }
    }
  }
  const graph: Pick<Graph, 'call' | 'readAll'> = {
    call: async (endpoint) => (await answer(endpoint)) as never,
    readAll: async (reads) => Promise.all(reads.map(({ endpoint }) => outcome(endpoint))),
  }
  return graph as Graph
}
