/**
 * A subscription whose source ends because the gateway stops has not ended for its client, which only comes back when it
 * has heard of no end: it lasts until the socket is closed.
 */
export function lasting<T>(
  results: AsyncIterable<T, unknown>,
  stopping: AbortSignal,
  gone: AbortSignal,
): AsyncIterableIterator<T, unknown> {
  const source = results[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      const step = await source.next()
      if (step.done === true && stopping.aborted) await ended(gone)
      return step
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
