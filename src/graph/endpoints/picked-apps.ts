import { get, type Endpoint } from '../endpoint.ts'
import { nodes, type AppNode } from '../nodes.ts'
import { pageOf, type Page } from '../paging.ts'

// Meta's guide "Multi-Partner Solution - Embedded creation" names the second edge and calls the first; only the second
// is in Meta's SDK, only the first has a sample answer.
export const pickedAppsEdges = ['application_details', 'assigned_applications'] as const

const appsPage = pageOf(nodes.App.shape)

/** The apps that a person picked in the embedded creation button, read with that person's token. */
export const listPickedApps = (
  edge: (typeof pickedAppsEdges)[number],
  after?: string,
): Endpoint<Page<AppNode>> =>
  get(['me', edge], { fields: 'id,name,link', limit: '100', after }, appsPage, 'user')
