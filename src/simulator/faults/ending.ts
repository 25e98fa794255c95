import type { Answer } from '../graph/call.ts'
import { errorAnswer, throttleAnswer } from './answer.ts'
import { type Deciding, type Rule, decides } from './rule.ts'

/** How a call ends: with an answer, or with what a fault makes of it. */
export type Ending =
  | { readonly kind: 'answer'; readonly answer: Answer }
  /** Half of the answer, then nothing. */
  | { readonly kind: 'half'; readonly answer: Answer }
  | { readonly kind: 'page'; readonly status: number; readonly page: string }
  /** The connection closes, or is reset, or stays open for ever. */
  | { readonly kind: 'drop' | 'reset' | 'hang' }
  /** An item of a batch that was not finished in time. */
  | { readonly kind: 'null' }

const usualPage = '<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>'

/** Whether the work is done although a fault strikes. */
function isDone(rule: Deciding): boolean {
  switch (rule.kind) {
    case 'error':
    case 'hang':
    case 'reset':
    case 'html':
    case 'nullItem':
      return rule.done
    case 'throttle':
      return false
    case 'lostReply':
    case 'truncate':
      return true
  }
}

/** Plays the one rule that decides; `work` is done as often as the rule lets it be: once or never. */
export async function endingOf(
  rules: readonly Rule[],
  businessId: string,
  work: () => Promise<Answer>,
): Promise<Ending> {
  const rule = rules.find(decides)
  if (rule === undefined) return { kind: 'answer', answer: await work() }
  const answer = isDone(rule) ? await work() : undefined
  return inPlaceOf(rule, answer, businessId)
}

function inPlaceOf(rule: Deciding, answer: Answer | undefined, businessId: string): Ending {
  switch (rule.kind) {
    case 'error':
      return { kind: 'answer', answer: errorAnswer(rule) }
    case 'throttle':
      return { kind: 'answer', answer: throttleAnswer(rule, businessId) }
    case 'html':
      return { kind: 'page', status: rule.status, page: rule.body ?? usualPage }
    case 'hang':
    case 'reset':
      return { kind: rule.kind }
    case 'nullItem':
      return { kind: 'null' }
    case 'truncate':
      return answer === undefined ? { kind: 'drop' } : { kind: 'half', answer }
    case 'lostReply':
      return { kind: 'drop' }
  }
}
