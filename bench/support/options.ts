import { parseArgs } from 'node:util'

export interface Options {
  /** How many events the full log of `log` has; null is as many as usual. */
  readonly events: number | null
  /** Folder in which Mesh is installed, and Meta's OpenAPI file: for `calls`. */
  readonly mesh: string | null
  readonly openapi: string | null
  /** Whether `files` names each file and its functions. */
  readonly list: boolean
}

export const usage = 'npm run bench -- [NAME …] [--events N] [--mesh DIR --openapi FILE] [--list]'

const known = {
  events: { type: 'string' },
  mesh: { type: 'string' },
  openapi: { type: 'string' },
  list: { type: 'boolean' },
} as const

/** Throws an Error that says what is wrong with them. */
export function readOptions(args: readonly string[]): Options & { readonly names: readonly string[] } {
  const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true })
  const { events = null, mesh = null, openapi = null, list = false } = values
  if (events !== null && !/^[1-9]\d{3,8}$/.test(events))
    throw new Error('--events is a number of 4 to 9 digits')
  if ((mesh === null) !== (openapi === null)) throw new Error('--mesh and --openapi go together')
  return { events: events === null ? null : Number(events), mesh, openapi, list, names: positionals }
}
