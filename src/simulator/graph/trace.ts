import { type Json, isObject } from '../json.ts'
import type { Answer } from './call.ts'
import { newTrace } from './error.ts'

/** Guide "Handling errors": the id under which Meta finds a call again; a refusal has the same one in its body. */
export const traceOf = (body: Json | undefined): string => {
  const error = isObject(body) ? body.error : undefined
  const id = isObject(error) ? error.fbtrace_id : undefined
  return typeof id === 'string' ? id : newTrace()
}

export const traced = (answer: Answer): Answer => ({
  ...answer,
  headers: { 'x-fb-trace-id': traceOf(answer.body), ...answer.headers },
})
