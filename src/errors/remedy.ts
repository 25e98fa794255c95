import type {
  GatewayProblem,
  GraphApiProblem,
  HelpTopic,
  InvalidInputProblem,
  Party,
  ProblemCode,
} from './problem.ts'

export interface Remedy {
  /** Null when it is nobody's turn, or that cannot be told. */
  readonly waitsFor: Party | null
  /** A page of Meta's about it. */
  readonly help: string | null
}

const meta = 'https://developers.facebook.com'
const whatsapp = `${meta}/documentation/business-messaging/whatsapp`
const pages: Record<HelpTopic, string> = {
  solutions: `${whatsapp}/solution-providers/multi-partner-solutions`,
  registration: `${whatsapp}/business-phone-numbers/registration`,
  credit: `${whatsapp}/solution-providers/share-and-revoke-credit-lines`,
  verification: `${whatsapp}/solution-providers/partner-led-business-verification`,
  webhooks: `${whatsapp}/webhooks/override`,
  signup: `${whatsapp}/embedded-signup/errors`,
  coexistence: `${whatsapp}/embedded-signup/onboarding-business-app-users`,
  errors: `${meta}/docs/graph-api/guides/error-handling`,
  'whatsapp-errors': `${whatsapp}/support/error-codes`,
  limits: `${meta}/docs/graph-api/overview/rate-limiting`,
  tokens: `${whatsapp}/access-tokens`,
  versions: `${meta}/docs/graph-api/guides/versioning`,
}

/** Meta's page about it. */
export const helpPage = (topic: HelpTopic): string => pages[topic]

/** Where nothing more is known than the code. */
const byCode: Record<ProblemCode, { readonly waitsFor: Party; readonly help: HelpTopic | null }> = {
  INVALID_INPUT: { waitsFor: 'US', help: null },
  NOT_FOUND: { waitsFor: 'US', help: null },
  NOT_PERMITTED: { waitsFor: 'US', help: 'tokens' },
  WRONG_STATE: { waitsFor: 'US', help: null },
  CONFLICT: { waitsFor: 'US', help: null },
  RATE_LIMITED: { waitsFor: 'META', help: 'limits' },
  TOKEN_INVALID: { waitsFor: 'US', help: 'tokens' },
  UPSTREAM_REFUSED: { waitsFor: 'US', help: 'errors' },
  UPSTREAM_UNAVAILABLE: { waitsFor: 'META', help: null },
  OUTCOME_UNKNOWN: { waitsFor: 'US', help: null },
  STORE_UNAVAILABLE: { waitsFor: 'US', help: null },
}

/** Of a solution that is in another state: whoever asked has nothing to do. */
export const remedyOfSolution: Remedy = { waitsFor: null, help: pages.solutions }

type Remediable = Pick<GatewayProblem | GraphApiProblem, 'code' | 'remedy'> | InvalidInputProblem

/** What helps against a problem: whose turn it is, and where to read about it. What it says of itself comes first. */
export function remedyOf(problem: Remediable): Remedy {
  const hint = ('remedy' in problem ? problem.remedy : undefined) ?? {}
  const { waitsFor, help } = byCode[problem.code]
  const topic = hint.help ?? help
  return {
    waitsFor: hint.waitsFor === undefined ? waitsFor : hint.waitsFor,
    help: topic === null ? null : pages[topic],
  }
}
