import type { Answer, RefusedField } from '../graph/call.ts'
import { GraphError, envelope, statusOf } from '../graph/error.ts'
import { accountUsage, appUsage, throttled } from '../graph/quota.ts'
import type { Rule } from './rule.ts'

type Of<Kind extends Rule['kind']> = Extract<Rule, { kind: Kind }>

export function errorAnswer(rule: Of<'error'>): Answer {
  const message = rule.message ?? `(#${rule.code}) An injected fault`
  const transient = [1, 2, 4].includes(rule.code) ? { transient: true } : {}
  const subcode = rule.subcode === undefined ? {} : { subcode: rule.subcode }
  const error = new GraphError(rule.code, message, { ...transient, ...subcode })
  return { status: rule.status ?? statusOf(rule.code), headers: {}, body: rule.body ?? envelope(error) }
}

/** Code 4 is the app's limit and shows in one header, the others are an account's and show in the other. */
export function throttleAnswer(rule: Of<'throttle'>, businessId: string): Answer {
  const headers: Record<string, string> =
    rule.code === 4
      ? { 'x-app-usage': appUsage(rule.percent) }
      : { 'x-business-use-case-usage': accountUsage(businessId, rule.percent, rule.minutes) }
  return { status: 400, headers, body: envelope(throttled(rule.code)) }
}

export const refusedFields = (rules: readonly Rule[]): RefusedField[] =>
  rules.flatMap((rule) =>
    rule.kind === 'unknownField' ? [{ name: rule.field, type: rule.nodeType, error: refusalOf(rule) }] : [],
  )

function refusalOf({ code, message, status }: Of<'unknownField'>): GraphError | undefined {
  if (code === undefined && message === undefined) return undefined
  const number = code ?? 100
  return new GraphError(number, message ?? `(#${number}) An injected fault`, { ...(status && { status }) })
}
