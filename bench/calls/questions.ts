import { toGlobalId } from '../../src/graphql/ids.ts'
import type { World } from './world.ts'

export interface Question {
  readonly name: string
  /** For the gateway and for the naive server alike. */
  readonly text: (world: World) => string
  /** For Mesh, whose names come from Meta's file; null where it has no way to ask. */
  readonly mesh: ((world: World) => string) | null
  /** What Graph refuses in the second column. */
  readonly refused: readonly string[]
  /** The customers come in while the gateway listens; whoever takes no webhooks cannot answer. */
  readonly needsWebhooks?: true
  /** Asked once before, so that the customers' tokens are here. */
  readonly needsTokens?: true
}

const own = 'solutionId name status graphStatus graphPendingRequest ownerPermissions'
const lists = `solutions(first: 5) { edges { node { solutionId name status } } }
  phoneNumbers(first: 5) { edges { node { phoneNumberId displayPhoneNumber } } }`

const solutions = (fields: string): string =>
  `{ app { solutions(first: 50) { edges { node { ${fields} } } } } }`
const wabas = (fields: string): string =>
  `{ app { clientWabas(first: 100) { edges { node { wabaId name ${fields} } } } } }`

const version = 'Version: "v23.0"'
const graphFields = 'id,name,status,status_for_pending_request,owner_permissions'
const meshSolutions = ({ app }: World, fields: string, asked: string): string =>
  `{ getApplicationWhatsAppBusinessSolutions(${token(app.systemToken)}, ${version}, Application_ID: "${app.appId}",
    limit: 50, fields: "${asked}") { __typename ... on WhatsAppBusinessSolutionsResponse { data { ${fields} } } } }`
const meshSolution = ({ app }: World, id: string, at: number): string =>
  `s${at}: getSolutionDetails(${token(app.systemToken)}, ${version}, Solution_ID: "${id}", fields: "${graphFields}") {
    __typename ... on WhatsAppBusinessSolution { id name status } }`
const meshWaba = ({ app }: World, id: string, at: number): string =>
  `w${at}: getWhatsAppBusinessAccountDetails(${token(app.systemToken)}, ${version}, WABA_ID: "${id}",
    fields: "id,name") { __typename ... on WhatsAppBusinessAccount { id name } }`
const token = (text: string): string => `Authorization: "Bearer ${text}"`

export const questions: readonly Question[] = [
  {
    name: '50 solutions × 6 own fields',
    text: () => solutions(own),
    mesh: (world) =>
      meshSolutions(world, 'id name status status_for_pending_request owner_permissions', graphFields),
    refused: [],
  },
  {
    name: '50 solutions, each with owner app and partners',
    text: () =>
      solutions(
        'solutionId name ownerApp { appId name } partners(first: 5) { edges { node { partnerId status } } }',
      ),
    mesh: null,
    refused: ['partners'],
  },
  {
    name: '100 client WABAs, each with solutions (5) and phone numbers (5)',
    text: () => wabas(lists),
    mesh: ({ app }) =>
      `{ getClientWhatsAppBusinessAccounts(${token(app.systemToken)}, ${version}, Business_ID: "${app.businessId}",
        limit: 100, fields: "id,name") { __typename ... on ClientWhatsAppBusinessAccountsResponse { data { id name
        solutionList { ... on SolutionsList { data { id name status } } }
        numberList { ... on WhatsAppBusinessAccountPhoneNumbersConnection { data { id display_phone_number } } }
      } } } }`,
    refused: ['solutions', 'phone_numbers'],
  },
  {
    name: 'the same, with owner business (business tokens, fetched once)',
    text: () => wabas(`${lists} ownerBusiness { businessId name }`),
    mesh: null,
    refused: ['solutions', 'phone_numbers'],
    needsWebhooks: true,
  },
  {
    name: 'the same, once the tokens are here',
    text: () => wabas(`${lists} ownerBusiness { businessId name }`),
    mesh: null,
    refused: ['solutions', 'phone_numbers'],
    needsWebhooks: true,
    needsTokens: true,
  },
  {
    name: '`nodes` of 50 solutions and 50 WABAs',
    text: ({ solutionIds, wabaIds }) => {
      const ids = [
        ...solutionIds.map((id) => toGlobalId('Solution', id)),
        ...wabaIds.slice(0, 50).map((id) => toGlobalId('ClientWaba', id)),
      ]
      return `{ nodes(ids: ${JSON.stringify(ids)}) {
        ... on Solution { solutionId name status } ... on ClientWaba { wabaId name } } }`
    },
    mesh: (world) =>
      `{ ${world.solutionIds.map((id, at) => meshSolution(world, id, at)).join(' ')}
        ${world.wabaIds
          .slice(0, 50)
          .map((id, at) => meshWaba(world, id, at))
          .join(' ')} }`,
    refused: [],
  },
  {
    name: '30 aliases of `solution` by id',
    text: ({ solutionIds }) =>
      `{ ${solutionIds
        .slice(0, 30)
        .map((id, at) => `s${at}: solution(id: "${id}") { solutionId name status }`)
        .join(' ')} }`,
    mesh: (world) =>
      `{ ${world.solutionIds
        .slice(0, 30)
        .map((id, at) => meshSolution(world, id, at))
        .join(' ')} }`,
    refused: [],
  },
]
