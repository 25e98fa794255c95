import type { WriteId, WriteStore } from '../events/writes.ts'

// Of one process: what several share, the store's rows decide.
const running = new WeakMap<WriteStore, Map<string, Promise<unknown>>>()

export interface Turn {
  /** Whether somebody else of this process was at the same write. */
  readonly waited: boolean
  /** The turn lasts until this has ended too, although its outcome is told before. */
  hold(rest: Promise<unknown>): void
}

/** Runs the work when nobody else of this process is at the same write. */
export async function exclusively<T>(
  store: WriteStore,
  id: WriteId,
  work: (turn: Turn) => Promise<T>,
): Promise<T> {
  const others = running.get(store) ?? new Map<string, Promise<unknown>>()
  running.set(store, others)
  const key = JSON.stringify(id)
  let waited = false
  for (let other = others.get(key); other; other = others.get(key)) {
    waited = true
    await other
  }
  const rest: Promise<unknown>[] = []
  const own = work({ waited, hold: (promise) => void rest.push(promise) })
  const end = async (): Promise<void> => {
    await Promise.allSettled(rest)
    others.delete(key)
  }
  others.set(key, own.then(end, end))
  return own
}
