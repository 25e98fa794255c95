/**
 * Takes turns: one round of the first, one of the second, and again. Whatever else the machine does then hits
 * both alike. The first turn of each warms up and is thrown away.
 */
export async function interleave<A, B>(
  rounds: number,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A[], B[]]> {
  const results: [A[], B[]] = [[], []]
  await first()
  await second()
  for (let round = 0; round < rounds; round++) {
    results[0].push(await first())
    results[1].push(await second())
  }
  return results
}
