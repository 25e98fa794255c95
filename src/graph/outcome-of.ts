import { GraphError } from './error.ts'

/** What a call to Graph came to. */
export type GraphOutcome<T = unknown> = { readonly value: T } | { readonly error: GraphError }

/** Any other failure than Graph's is a mistake of ours, and is thrown. */
export async function outcomeOf<T>(call: Promise<T>): Promise<GraphOutcome<T>> {
  try {
    return { value: await call }
  } catch (error) {
    return { error: asGraphError(error) }
  }
}

/** Null when the answer is definite and no value. What another try may change is thrown, and what was never asked. */
export async function unlessRefused<T>(call: Promise<T>): Promise<T | null> {
  const outcome = await outcomeOf(call)
  if ('value' in outcome) return outcome.value
  const { error } = outcome
  if (error.transient || error.kind === 'aborted' || error.kind === 'input') throw error
  return null
}

export function asGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error
  throw error
}
