import { z } from 'zod'

const json = z.json()
const matching = {
  method: z.string().optional(),
  /** Part of the path (no version, no query); with ^ in front, a regular expression for it. */
  path: z.string().min(1).max(200).refine(isPattern, 'is not a regular expression'),
  /** How often it strikes; always when left out. */
  times: z.int().min(1).optional(),
  /** How many matching calls are left alone first. */
  after: z.int().min(0).default(0),
}
const status = z.int().min(200).max(599)
/** Whether the work is done before the fault shows. */
const done = z.boolean().default(false)

export const Rule = z.discriminatedUnion('kind', [
  z.strictObject({
    ...matching,
    kind: z.literal('error'),
    status: status.optional(),
    body: json.optional(),
    code: z.int().default(2),
    subcode: z.int().optional(),
    message: z.string().optional(),
    done,
  }),
  z.strictObject({ ...matching, kind: z.literal('latency'), ms: z.int().min(0).max(600_000) }),
  z.strictObject({ ...matching, kind: z.literal('hang'), done }),
  z.strictObject({ ...matching, kind: z.literal('reset'), done }),
  z.strictObject({ ...matching, kind: z.literal('truncate') }),
  z.strictObject({
    ...matching,
    kind: z.literal('html'),
    status: status.default(502),
    body: z.string().optional(),
    done,
  }),
  z.strictObject({
    ...matching,
    kind: z.literal('throttle'),
    code: z.int().default(80_008),
    percent: z.int().default(100),
    minutes: z.int().min(0).default(10),
  }),
  z.strictObject({
    ...matching,
    kind: z.literal('unknownField'),
    field: z.string().min(1),
    /** On this type alone, e.g. WhatsAppBusinessSolution. */
    nodeType: z.string().min(1).optional(),
    /** What is answered in place of Graph's own words. */
    code: z.int().optional(),
    message: z.string().optional(),
    status: status.optional(),
  }),
  z.strictObject({ ...matching, kind: z.literal('lostReply') }),
  /** Items of a batch only. */
  z.strictObject({ ...matching, kind: z.literal('nullItem'), done }),
])
export type Rule = z.output<typeof Rule>

function isPattern(path: string): boolean {
  try {
    return path.startsWith('^') ? RegExp(path) instanceof RegExp : true
  } catch {
    return false
  }
}

export type Deciding = Exclude<Rule, { kind: 'latency' | 'unknownField' }>

/** Two kinds go together with another fault; of the others the first one decides, and later ones are not used up. */
export const decides = (rule: Rule): rule is Deciding =>
  rule.kind !== 'latency' && rule.kind !== 'unknownField'
