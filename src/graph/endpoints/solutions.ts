import { z } from 'zod'
import { pageShape, type Page } from '../paging.ts'
import { graphIdShape, doneShape } from '../shapes.ts'
import { get, post, type Endpoint } from '../endpoint.ts'
import { nodes, type SolutionNode, type AppNode } from '../nodes.ts'

export type MessagingSide = 'OWNER' | 'PARTNER'

export interface PageArgs {
  readonly limit: number
  readonly after?: string | undefined
}

export interface CreateSolution {
  readonly name: string
  readonly partnerAppId: string
  readonly messaging: MessagingSide
}

// The guide shows {"data":[{"access_token"}]}, the reference page {"access_token","expires_at"}.
const flatToken = z.looseObject({ access_token: z.string().min(1), expires_at: z.number().optional() })
const tokenShape = z.union([
  flatToken,
  z.looseObject({ data: z.tuple([flatToken]).rest(z.unknown()) }).transform(({ data }) => data[0]),
])
export type BusinessToken = z.infer<typeof flatToken>

const createdShape = z.looseObject({ solution_id: graphIdShape })

const page = ({ limit, after }: PageArgs) => ({ limit: String(limit), after })
const permissions = (has: boolean) => (has ? ['MESSAGING'] : [])

/** POST /{application-id}/whatsapp_business_solution. Exactly one side may have MESSAGING. */
export const postSolution = (
  appId: string,
  input: CreateSolution,
  token: 'system' | 'user' = 'system',
): Endpoint<{ solution_id: string }> =>
  post(
    [appId, 'whatsapp_business_solution'],
    {
      solution_name: input.name,
      partner_app_id: input.partnerAppId,
      owner_permissions: permissions(input.messaging === 'OWNER'),
      partner_permissions: permissions(input.messaging === 'PARTNER'),
    },
    createdShape,
    token,
  )

const solutionsPage = pageShape(nodes.Solution.shape)

export const listSolutions = (
  appId: string,
  args: PageArgs & { role?: 'OWNER' | 'PARTNER' | undefined; fields: string },
): Endpoint<Page<SolutionNode>> =>
  get(
    [appId, 'whatsapp_business_solutions'],
    { ...page(args), role: args.role, fields: args.fields },
    solutionsPage,
  )

// Meta's guide answers every action with {"success":true}; its reference pages show the solution node, or success with
// more keys. The five actions carry no body: the guide's samples and the v25.0 pages send none.
export const acceptSolution = (id: string) => post([id, 'accept'], undefined, doneShape)
export const rejectSolution = (id: string) => post([id, 'reject'], undefined, doneShape)
export const requestDeactivation = (id: string) =>
  post([id, 'send_deactivation_request'], undefined, doneShape)
export const acceptDeactivation = (id: string) =>
  post([id, 'accept_deactivation_request'], undefined, doneShape)
export const rejectDeactivation = (id: string) =>
  post([id, 'reject_deactivation_request'], undefined, doneShape)

/** The business token of a customer that shared an account with the solution. A secret: never cached on disk or logged. */
export const businessToken = (solutionId: string, businessId: string): Endpoint<BusinessToken> =>
  get([solutionId, 'access_token'], { business_id: businessId }, tokenShape)

// Meta's guide "Multi-Partner Solution - Embedded creation" names the second edge and calls the first; only the second
// is in Meta's SDK, only the first has a sample answer.
export const pickedAppsEdges = ['application_details', 'assigned_applications'] as const

const appsPage = pageShape(nodes.App.shape)

/** The apps that a person picked in the embedded creation button, read with that person's token. */
export const listPickedApps = (
  edge: (typeof pickedAppsEdges)[number],
  after?: string,
): Endpoint<Page<AppNode>> =>
  get(['me', edge], { fields: 'id,name,link', limit: '100', after }, appsPage, 'user')
