/**
 * An async iterator whose `return()` ends it at once, and that completes when `draining` ends. A plain
 * generator that waits for its next item answers `return()` only after that item has come, so a client that
 * leaves would be held until then.
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
  // A source that ends by itself is asked nothing more: nobody would call `return()` to take the listener away.
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
