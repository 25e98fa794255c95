/** The next items of a stream. */
export async function take<T>(items: AsyncIterator<T, void>, count: number): Promise<T[]> {
  const taken: T[] = []
  while (taken.length < count) {
    const next = await items.next()
    if (next.done === true) break
    taken.push(next.value)
  }
  return taken
}
