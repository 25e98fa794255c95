/** What an answer says of the write. */
export interface Claim {
  readonly kind: 'done' | 'refused' | 'unknown'
  /** Codes of the problems in it. */
  readonly codes: readonly string[]
  readonly answer: unknown
}

interface Answer {
  readonly __typename?: string
  readonly code?: string
  /** Of `createSolutionsForTechProvider`. */
  readonly created?: readonly { readonly problem: Problem | null }[]
  /** Of `onboardClientWaba`. */
  readonly attempts?: readonly { readonly problem: Problem | null }[]
}
interface Problem {
  readonly code: string
}

export function claimOf(answer: unknown): Claim {
  const { __typename, code, created = [], attempts = [] } = answer as Answer
  const parts = [...created, ...attempts].flatMap(({ problem }) => (problem ? [problem.code] : []))
  const codes = code === undefined ? parts : [code]
  if (codes.includes('OUTCOME_UNKNOWN')) return { kind: 'unknown', codes, answer }
  if (codes.length > 0) return { kind: 'refused', codes, answer }
  const kind = __typename?.endsWith('Payload') ? 'done' : 'refused'
  return { kind, codes, answer }
}
