import { type Rule, decides } from './rule.ts'

/** What a fault can be matched against. */
export interface Target {
  readonly method: string
  readonly path: string
  readonly asksFor: (field: string) => boolean
}

export interface Faults {
  replace(rules: readonly Rule[]): void
  /** The rules that strike this call, counted as used. */
  strike(target: Target, among: readonly Rule['kind'][]): Rule[]
  rules(): readonly Rule[]
}

function matches(rule: Rule, { method, path, asksFor }: Target): boolean {
  if (rule.method !== undefined && rule.method.toUpperCase() !== method) return false
  if (rule.kind === 'unknownField' && !asksFor(rule.field)) return false
  return rule.path.startsWith('^') ? new RegExp(rule.path).test(path) : path.includes(rule.path)
}

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
    const open = !decides(rule) || !struck.some(decides)
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
