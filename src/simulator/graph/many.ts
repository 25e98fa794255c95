import type { Field } from '../fields/parse.ts'
import type { JsonObject } from '../json.ts'
import { chargeCredit } from './credit-quota.ts'
import { GraphError, invalid } from './error.ts'
import { locate } from './locate.ts'
import { chargeAccount } from './quota.ts'
import type { Scope } from './scope.ts'
import { renderNode } from './select.ts'

export const mostIds = 50

export const splitIds = (ids: string): string[] => [...new Set(ids.split(',').map((id) => id.trim()))]

/** `?ids=`: an object keyed by id. What one unreadable id does is nowhere documented, so it can be chosen. */
export function readMany(scope: Scope, text: string, fields: readonly Field[] | undefined): JsonObject {
  const ids = splitIds(text)
  if (ids.length > mostIds) throw invalid(`Too many IDs. Maximum: ${mostIds}. Provided: ${ids.length}.`)
  return Object.fromEntries(ids.flatMap((id) => readOne(scope, id, fields)))
}

function readOne(scope: Scope, id: string, fields: readonly Field[] | undefined): [string, JsonObject][] {
  try {
    const located = locate(scope, id, 'GET')
    chargeAccount(scope, `GET ${located.kind}`, located)
    chargeCredit(scope, `GET ${located.kind}`)
    return [[id, renderNode(located.node, fields, scope)]]
  } catch (error) {
    const unreadable = error instanceof GraphError && (error.details.subcode === 33 || error.code === 803)
    if (unreadable && scope.world.settings.idsFailure === 'drop') return []
    throw error
  }
}
