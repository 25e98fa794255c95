import { isObject } from '../../lib/value.ts'

/** What may be kept of a value; undefined when nothing may. What is left out is told to `omissions`. */
export type Rule = (value: unknown, omissions: Omissions) => unknown

export type Rules = Readonly<Record<string, Rule>>

/** What of a change is left out: how much, and under which names. */
export class Omissions {
  #size = 0
  readonly #keys = new Set<string>()

  get isEmpty(): boolean {
    return this.#size === 0
  }

  summary(): LeftOut {
    return { size: this.#size, keys: [...this.#keys].sort() }
  }

  /** Nothing of the member is kept but the name of its key, where that is one that a programmer wrote. */
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

/** A key can be data as well: a phone number, an address. */
const isPlainKey = (key: string): boolean => /^[a-z_]{1,40}$/.test(key)

export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '')

/** A note that this release left, when a dead letter is handled again. */
export const leftOutKey = '$leftOut'

/** The members that have a rule, and those that `rest` has one for. */
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

/** Every item by one rule; what has none is left out. */
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

/** That there is nothing may always be kept. */
const applyRule = (rule: Rule, value: unknown, omissions: Omissions): unknown =>
  value === null ? null : rule(value, omissions)

/** Whichever of the two takes it. */
export const either =
  (one: Rule, other: Rule): Rule =>
  (value, omissions) =>
    one(value, omissions) ?? other(value, omissions)
