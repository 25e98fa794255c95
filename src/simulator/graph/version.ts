import { GraphError } from './error.ts'

export const latestVersion = 'v27.0'
const oldest = 21

/**
 * Which version answers. One past its end is served by the oldest living one (third parties saw it forwarded; Meta
 * does not say), one that never was is refused.
 */
export function answeringVersion(asked: string | undefined): string {
  if (asked === undefined) return latestVersion
  const match = /^v(\d{1,2})\.(\d{1,2})$/.exec(asked)
  const [major, minor] = [Number(match?.[1]), Number(match?.[2])]
  const known = match !== null && major >= 1 && major <= 27 && (minor === 0 || (major <= 3 && minor <= 12))
  if (!known) throw new GraphError(2500, `Unknown path components: /${asked}`)
  return major < oldest ? `v${oldest}.0` : asked
}
