import type { Ctx } from '../context.ts'
import { unlessRefused } from '../graph/error.ts'
import type { FieldTree } from '../graph/fields.ts'
import type { NodeHandle } from '../reads/node-handle.ts'

type Number = NodeHandle<'PhoneNumber'>

const listedBy = new WeakMap<Number, string>()

/** A number that came with an account, which so is known to list it. */
export function listedIn(number: Number, wabaId: string): Number {
  listedBy.set(number, wabaId)
  return number
}

const healthFields: FieldTree = ['health_status']

/**
 * The accounts that are known to list a number: the one that it came with, else the one that Graph names in its health.
 * In Meta's account model since 2026-09-23 there may be more, and no call lists them.
 */
export async function accountsListing(ctx: Pick<Ctx, 'reads'>, number: Number): Promise<readonly string[]> {
  const came = listedBy.get(number)
  if (came !== undefined) return [came]
  const health = await unlessRefused(
    Promise.resolve(number.read(ctx.reads, healthFields, ({ health_status: status }) => status ?? null)),
  )
  const named = (health?.entities ?? []).filter((entity) => entity?.entity_type === 'WABA')
  return [...new Set(named.flatMap((entity) => entity?.id ?? []))]
}
