import { isObject } from '../../lib/value.ts'

/** Returns what may be stored of a value; undefined when nothing may. What is left out is counted in `omissions`. */
export type Rule = (value: unknown, omissions: Omissions) => unknown

export type Rules = Readonly<Record<string, Rule>>

/** What is left out of a change: how many bytes, and the names of the keys. */
export class Omissions {
  #size = 0
  readonly #keys = new Set<string>()

  get isEmpty(): boolean {
    return this.#size === 0
  }

  summary(): LeftOut {
    return { size: this.#size, keys: [...this.#keys].sort() }
  }

  /** Nothing of the member is stored but the name of its key, if that looks like one that a programmer wrote. */
  add(key: string, value: unknown): undefined {
    this.#size += sizeOf(value)
    if (isPlainKey(key) && this.#keys.size < mostKeys) this.#keys.add(key)
  }
}

export interface LeftOut {
  /** Bytes of the JSON text. */
  readonly size: number
  readonly keys: readonly string[]
}

const mostKeys = 40

/** A key can be data as well: a phone number or an address. */
const isPlainKey = (key: string): boolean => /^[a-z_]{1,40}$/.test(key)

export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')

/** The member that says what was left out. A dead letter that is handled again has it already. */
export const leftOutKey = '$leftOut'

/** Keeps the members that have a rule, or for which `rest` has one. */
export function members(rules: Rules, rest: (key: string) => Rule | undefined = () => undefined): Rule {
  return (value, omissions) => {
    if (!isObject(value)) return undefined
    const kept: Record<string, unknown> = {}
    for (const key of Object.keys(value)) {
      const rule = Object.hasOwn(rules, key) ? rules[key] : rest(key)
      const safe = rule === undefined ? undefined : applyRule(rule, value[key], omissions)
      if (safe === undefined) omissions.add(key, value[key])
      else kept[key] = safe
    }
    return kept
  }
}

/** Applies one rule to every item, and leaves out the items that it does not take. */
export function listOf(rule: Rule): Rule {
  return (value, omissions) => {
    if (!Array.isArray(value)) return undefined
    return value.flatMap((item: unknown) => {
      const safe = applyRule(rule, item, omissions)
      if (safe === undefined) omissions.add('', item)
      return safe === undefined ? [] : [safe]
    })
  }
}

/** Null may always be stored. */
const applyRule = (rule: Rule, value: unknown, omissions: Omissions): unknown =>
  value === null ? null : rule(value, omissions)

/** Takes what either of two rules takes. */
export const either =
  (one: Rule, other: Rule): Rule =>
  (value, omissions) =>
    one(value, omissions) ?? other(value, omissions)
