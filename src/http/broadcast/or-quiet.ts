/** What comes within the time, or null. */
export function orQuiet<T>(coming: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const quiet = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ms, null)
  })
  return Promise.race([coming, quiet]).finally(() => clearTimeout(timer))
}
