import { readdirSync, readFileSync } from 'node:fs'
import type { GraphiqlTab } from './graphiql/graphiql.ts'

const folder = new URL('../../schema/operations/', import.meta.url)

/**
 * The operations that GraphiQL opens with: the numbered files of schema/operations, in their order. Next to
 * each, a file of the same name that ends in `.variables.json` fills in its variables.
 */
export function readTabs(): GraphiqlTab[] {
  const names = readdirSync(folder).filter((name) => /^\d+-.*\.graphql$/.test(name))
  return names.sort().map(readTab)
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
