import type { Ctx } from '../context.ts'
import type { Problem, Said } from '../errors/problem.ts'
import { digestOf, idOf, readBegun, readEnded, type WriteIdentity } from './record.ts'

export type Recalled<Variant> =
  /** `of`: which of the requests it was that could be meant. */
  { readonly createdId: string; readonly of: Variant } | { readonly problem: Problem } | Open

/** It was sent, and what came of it is open. */
export interface Open {
  /** What Graph said then, if anything. */
  readonly open: Said | undefined
}

/**
 * What is on record under a key, for who can no longer see what it was done to. A caller may have left open what the
 * gateway chose: then the request is looked for among `variants`, which are asked for when there is a record. Null when
 * there is none, or none of this request.
 */
export async function recall<Variant>(
  ctx: Ctx,
  write: WriteIdentity,
  variants: () => Promise<readonly Variant[]>,
  inputOf: (variant: Variant) => unknown,
): Promise<Recalled<Variant> | null> {
  const known = await ctx.writes.get(idOf(write))
  if (!known || known.state === 'pending') return null
  const of = (await variants()).find((variant) => digestOf(inputOf(variant)) === known.input)
  if (of === undefined) return null
  if (known.state === 'unknown') return { open: readBegun(known, write.app.appId).said }
  const stored = readEnded(known)
  return 'type' in stored ? { problem: stored } : { createdId: stored.createdId, of }
}
