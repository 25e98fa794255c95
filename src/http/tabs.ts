import { readdirSync, readFileSync } from 'node:fs'
import { isLoopback } from '../config/config.ts'
import type { GraphiqlTab } from './graphiql/assets.ts'

/** Where the operations say that the simulator is. */
const usualSimulator = 'http://127.0.0.1:4001'
const folder = new URL('../../schema/operations/', import.meta.url)

/**
 * The operations that GraphiQL opens with: the numbered files of schema/operations, in their order. Next to
 * each, a file of the same name that ends in `.variables.json` fills in its variables. A Graph API on this machine is the
 * simulator: commands in them go to where it is.
 */
export function readTabs(graphUrl = usualSimulator): GraphiqlTab[] {
  const names = readdirSync(folder).filter((name) => /^\d+-.*\.graphql$/.test(name))
  const { hostname, origin } = new URL(graphUrl)
  const simulator = isLoopback(hostname) ? origin : usualSimulator
  return names
    .sort()
    .map(readTab)
    .map((tab) => ({ ...tab, query: tab.query.replaceAll(usualSimulator, simulator) }))
}

function readTab(name: string): GraphiqlTab {
  const query = readFileSync(new URL(name, folder), 'utf8')
  const variables = readIfThere(new URL(name.replace('.graphql', '.variables.json'), folder))
  return { name: name.replace('.graphql', ''), query, ...(variables !== null && { variables }) }
}

function readIfThere(file: URL): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
