import type { HelpTopic, Party, ProblemCode, RemedyHint } from './errors.ts'

export interface Remedy {
  /** Null when it is nobody's turn, or that cannot be told. */
  readonly waitsFor: Party | null
  /** A page of Meta's about it. */
  readonly help: string | null
}

const meta = 'https://developers.facebook.com'
const whatsapp = `${meta}/documentation/business-messaging/whatsapp`
const pages = {
  errors: `${meta}/docs/graph-api/guides/error-handling`,
  limits: `${meta}/docs/graph-api/overview/rate-limiting`,
  tokens: `${whatsapp}/access-tokens`,
  whatsappErrors: `${whatsapp}/support/error-codes`,
}
const topics: Record<HelpTopic, string> = {
  solutions: `${whatsapp}/solution-providers/multi-partner-solutions`,
  registration: `${whatsapp}/business-phone-numbers/registration`,
  credit: `${whatsapp}/solution-providers/share-and-revoke-credit-lines`,
  verification: `${whatsapp}/solution-providers/partner-led-business-verification`,
  webhooks: `${whatsapp}/webhooks/override`,
}

const byCode: Record<ProblemCode, Remedy> = {
  INVALID_INPUT: { waitsFor: 'US', help: null },
  NOT_FOUND: { waitsFor: 'US', help: null },
  NOT_PERMITTED: { waitsFor: 'US', help: pages.tokens },
  WRONG_STATE: { waitsFor: 'US', help: null },
  CONFLICT: { waitsFor: 'US', help: null },
  RATE_LIMITED: { waitsFor: 'META', help: pages.limits },
  TOKEN_INVALID: { waitsFor: 'US', help: pages.tokens },
  UPSTREAM_REFUSED: { waitsFor: 'US', help: pages.errors },
  UPSTREAM_UNAVAILABLE: { waitsFor: 'META', help: null },
  OUTCOME_UNKNOWN: { waitsFor: 'US', help: null },
  STORE_UNAVAILABLE: { waitsFor: 'US', help: null },
}

// Meta's page "Error codes" says of each of these whose turn it is.
const byGraphCode: ReadonlyMap<number, Party> = new Map([
  // Locked or restricted account; wrong two-step PIN; number not verified or not registered.
  [131031, 'CUSTOMER'],
  [133005, 'CUSTOMER'],
  [133006, 'US'],
  [133010, 'US'],
  // Terms of payment not accepted.
  [134011, 'CUSTOMER'],
  // Credit line not set, over its limit or inactive.
  [131042, 'US'],
  // Display name in review; maintenance; unknown.
  [131037, 'META'],
  [131000, 'META'],
  [131016, 'META'],
  [131057, 'META'],
  [133004, 'META'],
  [2494100, 'META'],
])

const lockedOut = 133_016

/** Of a solution that is in another state: whoever asked has nothing to do. */
export const remedyOfSolution: Remedy = { waitsFor: null, help: topics.solutions }

/** What helps against a problem: whose turn it is, and where to read about it. The problem's own hint comes first. */
export function remedyFor(code: ProblemCode, graphCode: number | null, hint: RemedyHint = {}): Remedy {
  const waitsFor = hint.waitsFor === undefined ? byCode[code].waitsFor : hint.waitsFor
  const help = hint.help === undefined ? byCode[code].help : topics[hint.help]
  if (graphCode === null) return { waitsFor, help }
  if (graphCode === lockedOut) return { waitsFor: 'META', help: topics.registration }
  const isWhatsapp = graphCode === 368 || (graphCode >= 130_000 && code !== 'RATE_LIMITED')
  return {
    waitsFor: byGraphCode.get(graphCode) ?? waitsFor,
    help: isWhatsapp ? pages.whatsappErrors : (help ?? pages.errors),
  }
}
