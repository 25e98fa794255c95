/** The path as it came: nothing is decoded or resolved, so `/graphql/../x` is no path of ours. */
export function pathOf(url: string | undefined): string | null {
  return /^(\/[^?#]*)/.exec(url ?? '')?.[1] ?? null
}
