import type { Field } from '../fields/parse.ts'
import type { GraphCall } from './call.ts'
import { GraphError, invalid } from './error.ts'

/*
 * What Graph no longer takes, whatever version is asked. Meta's blog posts on v26.0 (2026-07-29) and v27.0 (2026-11-04):
 * `ids` and `date_format` are refused on every version since 2026-10-27, and apps that had not used them before have since
 * v27.0 no method override, JSONP, field aliases and asynchronous batches either. Both apps here are such apps.
 */

// Several public clients recorded status, code and words for `ids`; those for `date_format` are made after them.
const deprecated = (name: string): GraphError =>
  new GraphError(100, `The ${name} query parameter is deprecated in v26.0+.`, { status: 500 })

const notForNewApps = (what: string): GraphError => invalid(`${what} cannot be used by this app`)

/** Refuses a call that is made in a way that has ended. */
export function refuseRemoved({ method, params }: GraphCall): void {
  if (method === 'GET' && params.has('ids')) throw deprecated('ids')
  if (params.has('date_format')) throw deprecated('date_format')
  if (params.has('method')) throw notForNewApps('HTTP method override')
  if (params.has('callback')) throw notForNewApps('JSONP')
  if (params.has('asyncbatch')) throw notForNewApps('Asynchronous batch requests')
}

/** Refuses `.as(…)` at any depth. */
export function refuseAliases(fields: readonly Field[]): void {
  for (const { modifiers, fields: inner = [] } of fields) {
    if (modifiers.some(({ name }) => name === 'as')) throw notForNewApps('Field aliases')
    refuseAliases(inner)
  }
}
