import type { WebhookChange } from '../envelope.ts'
import { isObject, type JsonObject } from '../../lib/value.ts'
import { whatsappTopic } from '../fields.ts'
import { accountUpdate, partnerSolutions, whatsappAccount } from './account-update.ts'
import { alertRules } from './alerts.ts'
import { leftOutKey, members, sizeOf, Omissions, type Rule } from './rule.ts'

export interface AllowedValue {
  readonly value: JsonObject
  /** True when nothing was left out. */
  readonly isWhole: boolean
}

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['account_update', accountUpdate],
  ['partner_solutions', partnerSolutions],
  ...Object.entries(alertRules),
])

function ruleFor(field: string, object: string | null): Rule | undefined {
  if (object === whatsappTopic) return rules.get(field)
  return object === 'whatsapp_account' ? whatsappAccount : undefined
}

/**
 * Returns what may be stored of a change. Conversations, contacts and people may never be stored, also not under names that
 * are unknown. So of a field with a rule the members that are known to be safe are stored, and of any other field its size
 * and the names of its keys.
 */
export function applyAllowList(
  { field, value }: Pick<WebhookChange, 'field' | 'value'>,
  object: string | null,
): AllowedValue {
  const { value: safe, isWhole } = keptBy(ruleFor(field, object), value)
  return object === whatsappTopic
    ? { value: safe, isWhole }
    : { value: { ...safe, $object: plainName(object) }, isWhole: false }
}

function keptBy(rule: Rule | undefined, value: unknown): AllowedValue {
  const omissions = new Omissions()
  const safe = rule && isObject(value) ? rule(withoutNote(value), omissions) : undefined
  if (!isObject(safe)) return { value: sizeAndKeys(value), isWhole: false }
  const note = earlierNote(value) ?? (omissions.isEmpty ? null : omissions.summary())
  return { value: note === null ? safe : { ...safe, [leftOutKey]: note }, isWhole: omissions.isEmpty }
}

/**
 * The name of a field or an object, if it has the form that all of Meta's names have. In any other form it could be data.
 */
export const plainName = (name: string | null): string =>
  name !== null && /^[a-z][a-z_]{0,39}$/.test(name) ? name : '$unnamed'

const noteRule = members({
  size: (value) => (Number.isSafeInteger(value) ? value : undefined),
  keys: (value) => (Array.isArray(value) && value.every(isPlain) ? value : undefined),
})
const isPlain = (value: unknown): boolean => typeof value === 'string' && /^[a-z_]{1,40}$/.test(value)

/** The note of an earlier release about what it left out, in a dead letter. */
const earlierNote = (value: unknown): unknown =>
  isObject(value) && Object.hasOwn(value, leftOutKey)
    ? noteRule(value[leftOutKey], new Omissions())
    : undefined

function withoutNote(value: JsonObject): JsonObject {
  if (!Object.hasOwn(value, leftOutKey)) return value
  const { [leftOutKey]: _note, ...rest } = value
  return rest
}

function sizeAndKeys(value: unknown): AllowedValue['value'] {
  const omissions = new Omissions()
  if (isObject(value)) for (const [key, member] of Object.entries(value)) omissions.add(key, member)
  return { size: sizeOf(value), keys: omissions.summary().keys }
}
