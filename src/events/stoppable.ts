/**
 * An async iterator whose `return()` ends it at once, and that completes when `draining` ends. A plain generator answers
 * `return()` only after the item that it waits for, so a client that has left would be held until then.
 */
export function stoppable<T>(
  draining: AbortSignal,
  run: (signal: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncIterableIterator<T> {
  const stop = new AbortController()
  const end = (): void => stop.abort()
  draining.addEventListener('abort', end, { once: true })
  stop.signal.addEventListener('abort', () => draining.removeEventListener('abort', end), { once: true })
  if (draining.aborted) end()
  const source = run(stop.signal)
  // Nobody calls `return()` on a source that ends by itself, so its listener is removed here.
  const step = async (result: Promise<IteratorResult<T, void>>): Promise<IteratorResult<T, void>> => {
    const settled = await result.catch((error: unknown) => {
      end()
      throw error
    })
    if (settled.done === true) end()
    return settled
  }
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => step(source.next()),
    async return() {
      end()
      await source.return()
      return { done: true, value: undefined }
    },
    async throw(error) {
      end()
      return source.throw(error)
    },
  }
}
