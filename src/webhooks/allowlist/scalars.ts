import type { Rule } from './rule.ts'

/*
 * The forms of single values that may be stored. Each is so narrow that a person's name or phone number does not match it
 * by accident, and each is used for a key that Meta documents for such a value.
 */

const text =
  (form: RegExp): Rule =>
  (value) =>
    typeof value === 'string' && form.test(value) ? value : undefined

/** The same digits, whether Meta sends them as a string or as a number. */
const digits =
  (form: RegExp): Rule =>
  (value) =>
    form.test(typeof value === 'number' || typeof value === 'string' ? String(value) : '') ? value : undefined

/** A Graph id. */
export const id = digits(/^[0-9]{1,20}$/)

/** Unix seconds, between 1973 and 2286. */
export const seconds = digits(/^[0-9]{9,10}$/)

/** Too small for a phone number. -1 is without a limit. */
export const count = digits(/^(?:-1|[0-9]{1,6})$/)

/** An enum of Meta's, also one that is new. */
export const code = text(/^(?!.*[0-9]{7})[A-Za-z_][A-Za-z0-9_]{0,79}$/)

/** The name of an event. A new one is stored only in the form that all of Meta's have, because a word is easily a name. */
export const eventName = text(/^[A-Z][A-Z_]{0,39}$/)

/** An enum below a key that no page of Meta's has: only in the form that most of Meta's have. */
export const strictCode = text(/^(?!.*[0-9]{5})[A-Z][A-Z0-9_]{1,63}$/)

/** Reasons of a certification: with spaces on the page "account_update", with underscores in the guide. */
export const capitals = text(/^(?=.{1,80}$)[A-Z][A-Z_]*(?: [A-Z_]+)*$/)

/** One of a few words with spaces that Meta documents. */
export const oneOf =
  (...known: readonly string[]): Rule =>
  (value) =>
    typeof value === 'string' && known.includes(value) ? value : undefined

/** A business's own number, as digits or as it is printed. */
export const businessNumber: Rule = (value) => {
  const printed = typeof value === 'number' ? String(value) : value
  return typeof printed === 'string' && /^\+?[0-9][0-9 ().-]{4,28}$/.test(printed) ? value : undefined
}

export const country = text(/^[A-Z]{2}$/)

/** `April 17, 2025` on the page "account_update", where an ISO date would do as well. */
export const day = text(/^(?:[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2})$/)

export const month = text(/^[0-9]{4}-[0-9]{2}$/)

/** `25000001:50000000`; the last one has no end. */
export const span = text(/^[0-9]{1,15}:[0-9]{0,15}$/)

/** A part of the world by its English name. */
export const region = text(/^[A-Z][A-Za-z&,. -]{1,59}$/)

export const templateName = text(/^(?!.*[0-9]{7})[a-z0-9_]{1,512}$/)

export const language = text(/^[a-z]{2,3}(?:[_-][A-Za-z]{2,4})?$/)

/** What a partner or a provider calls something in a file of settings. */
export const label = text(/^(?!.*[0-9]{7})[A-Za-z0-9_.-]{1,64}$/)

/** What a partner gives a customer on the way into the hosted signup, to know it again. */
export const trackingCode = text(/^[A-Za-z0-9_.:-]{1,128}$/)

// What looks like a phone number or an address of a person.
const isAboutSomebody = (sentence: string): boolean => /(?:[0-9][ ().-]*){7}|@/.test(sentence)

const sentenceOf =
  (most: number): Rule =>
  (value) =>
    typeof value === 'string' && value.length <= most && !/\p{Cc}/u.test(value) && !isAboutSomebody(value)
      ? value
      : undefined

/** A sentence of Meta's: short, and without what looks like a phone number or an address. */
export const sentence = sentenceOf(500)

/** The name of a business as its customers are to see it. */
export const displayName = sentenceOf(120)
