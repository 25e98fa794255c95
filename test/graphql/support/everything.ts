import { luckyShrub, type Json, type Play } from '../../writes/support/play.ts'
import { selectAll, type Arguments } from './select-all.ts'

/** One node of every type that Graph gives, by its type, and the ids that Meta has for them. */
export interface Everything {
  readonly nodes: Readonly<Record<string, string>>
  readonly metaIds: readonly string[]
  readonly given: Arguments
}

const idsOf = `query ($solution: ID!, $waba: ID!, $allocation: ID!, $app: ID!) {
  app(id: $app) { id creditLines { id creditLineId } }
  solution(id: $solution) { id partners { edges { node { id } } } }
  clientWaba(id: $waba) { id ownerBusiness { id businessId } phoneNumbers { edges { node { id phoneNumberId } } } }
  creditAllocation(id: $allocation) { id }
}`

interface Ids {
  readonly app: { readonly id: string; readonly creditLines: readonly { id: string; creditLineId: string }[] }
  readonly solution: { readonly id: string; readonly partners: Edges<{ id: string }> }
  readonly clientWaba: {
    readonly id: string
    readonly ownerBusiness: { readonly id: string; readonly businessId: string }
    readonly phoneNumbers: Edges<{ id: string; phoneNumberId: string }>
  }
  readonly creditAllocation: { readonly id: string }
}
interface Letters {
  readonly deadLetters: Edges<{ id: string }>
}
interface Edges<Node> {
  readonly edges: readonly [{ readonly node: Node }]
}

/** Two partners with a solution, a customer that came through it, and a credit line that is shared with the customer. */
export async function playEverything(play: Play): Promise<Everything> {
  const solution = await play.solution('Together')
  const { waba_id: waba } = await play.customer(solution)
  const input = { wabaId: waba, appId: luckyShrub, currency: 'USD', addSystemUser: true }
  const shared = (await play.mutate('shareCreditLine', input)) as {
    creditAllocation: { allocationId: string }
  }
  const allocation = shared.creditAllocation.allocationId
  const ids = (await play.ask(idsOf, { solution, waba, allocation, app: luckyShrub })) as Json & Ids
  const [line] = ids.app.creditLines
  await play.control.webhook(luckyShrub, { object: 'whatsapp_business_account', entry: ['no entry'] })
  const letters = (await play.ask('{ deadLetters { edges { node { id } } } }')) as Json & Letters
  const { ownerBusiness } = ids.clientWaba
  const number = ids.clientWaba.phoneNumbers.edges[0].node
  return {
    nodes: {
      App: ids.app.id,
      Solution: ids.solution.id,
      Partner: ids.solution.partners.edges[0].node.id,
      ClientWaba: ids.clientWaba.id,
      Business: ownerBusiness.id,
      PhoneNumber: number.id,
      CreditLine: line?.id ?? '',
      CreditAllocation: ids.creditAllocation.id,
      DeadLetter: letters.deadLetters.edges[0].node.id,
    },
    metaIds: [
      luckyShrub,
      solution,
      waba,
      allocation,
      ownerBusiness.businessId,
      number.phoneNumberId,
      line?.creditLineId ?? '',
    ],
    given: {
      'App.embeddedSignup': '(configId: "1")',
      'Solution.embeddedSignup': '(configId: "1")',
      'CreditAllocation.funds': `(wabaId: "${waba}")`,
    },
  }
}

/** Asks for all that the nodes have, and for the log. */
export function everythingOf({ nodes, given }: Everything, more: Arguments = {}): string {
  const all = { ...given, ...more }
  const parts = Object.entries(nodes).map(
    ([type, id]) => `${type}: node(id: "${id}") { ... on ${type} { ${selectAll(type, all)} } }`,
  )
  const lists = ['events', 'deadLetters'].map(
    (list) => `${list}${all[`Query.${list}`] ?? ''} { edges { node { id } } }`,
  )
  return `{ ${parts.join('\n')} apps { id } ${lists.join(' ')} }`
}
