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

export const Rule = z.discriminatedUnion('kind', [
  z.strictObject({
    ...matching,
    kind: z.literal('error'),
    status: status.optional(),
    body: json.optional(),
    code: z.int().default(2),
    subcode: z.int().optional(),
    message: z.string().optional(),
  }),
  z.strictObject({ ...matching, kind: z.literal('latency'), ms: z.int().min(0).max(600_000) }),
  z.strictObject({ ...matching, kind: z.literal('hang') }),
  z.strictObject({ ...matching, kind: z.literal('reset') }),
  z.strictObject({ ...matching, kind: z.literal('truncate') }),
  z.strictObject({
    ...matching,
    kind: z.literal('html'),
    status: status.default(502),
    body: z.string().optional(),
  }),
  z.strictObject({
    ...matching,
    kind: z.literal('throttle'),
    code: z.int().default(80_008),
    percent: z.int().default(100),
    minutes: z.int().min(0).default(10),
  }),
  z.strictObject({ ...matching, kind: z.literal('unknownField'), field: z.string().min(1) }),
  z.strictObject({ ...matching, kind: z.literal('lostReply') }),
])
export type Rule = z.output<typeof Rule>

/** What a fault can be matched against. */
export interface Target {
  readonly method: string
  /** The path asked for; with `?ids=`, the path of each id as well. */
  readonly paths: readonly string[]
  readonly asksFor: (field: string) => boolean
}

export interface Faults {
  replace(rules: readonly Rule[]): void
  /** The rules that strike this call, counted as used. */
  strike(target: Target, among: readonly Rule['kind'][]): Rule[]
  rules(): readonly Rule[]
}

function isPattern(path: string): boolean {
  try {
    return path.startsWith('^') ? RegExp(path) instanceof RegExp : true
  } catch {
    return false
  }
}

function matches(rule: Rule, { method, paths, asksFor }: Target): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false
  if (rule.kind === 'unknownField' && !asksFor(rule.field)) return false
  const pattern = rule.path.startsWith('^') ? new RegExp(rule.path) : undefined
  return paths.some((path) => pattern?.test(path) ?? path.includes(rule.path))
}

/** These go together with another fault; of the others the first one decides, and later ones are not used up. */
const joins = (rule: Rule): boolean => rule.kind === 'latency' || rule.kind === 'unknownField'

interface Armed {
  readonly rule: Rule
  seen: number
}

function strikes(entry: Armed): boolean {
  entry.seen += 1
  const { after, times = Infinity } = entry.rule
  return entry.seen > after && entry.seen <= after + times
}

function struckBy(armed: readonly Armed[], target: Target, among: readonly Rule['kind'][]): Rule[] {
  const struck: Rule[] = []
  for (const entry of armed) {
    const { rule } = entry
    const open = joins(rule) || struck.every(joins)
    if (open && among.includes(rule.kind) && matches(rule, target) && strikes(entry)) struck.push(rule)
  }
  return struck
}

export function createFaults(): Faults {
  let armed: Armed[] = []
  return {
    replace: (rules) => {
      armed = rules.map((rule) => ({ rule, seen: 0 }))
    },
    strike: (target, among) => struckBy(armed, target, among),
    rules: () => armed.map((entry) => entry.rule),
  }
}
