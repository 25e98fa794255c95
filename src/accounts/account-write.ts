import type { Ctx } from '../context.ts'
import type { Problem } from '../errors/problem.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import type { DoneWrite, SentWrite, Write } from '../writes/write.ts'
import { aboutOf, viewerOfAccount, type Account } from './account.ts'
import { tokenForWrite } from './token.ts'

/** What a change of an account comes to, wherever it has come from: the id of what was made or changed. */
export type AccountWritten = Pick<DoneWrite<unknown>, 'createdId' | 'answered'> | Problem

interface AccountWrite {
  /** Id of what is changed; that of what is made, Graph's answer says. */
  readonly id: string
  endpoint(): Endpoint<unknown>
  /** What of Graph's answer is shown to the caller and kept in the audit, without anything secret; null when nothing is. */
  answered?(answer: unknown): object | null
  /** Sending it counts at Meta, so it is not tried without a token that opens the account. */
  readonly counts?: true
}

type Common<State> = Required<
  Pick<Write<State, State>, 'app' | 'about' | 'prepareSend' | 'send' | 'publishes'>
>

/** What all changes of an account have in common: who acts, whom their events name, and the token that opens it. */
export function onAccount<State>(
  ctx: Ctx,
  account: Account,
  { id, endpoint, answered, counts }: AccountWrite,
): Common<State> {
  let token: Endpoint<unknown>['token'] = 'business'
  return {
    app: account.app,
    about: aboutOf(account),
    prepareSend: async () => {
      token = await tokenForWrite(ctx, account, counts)
    },
    send: async (_, sending): Promise<SentWrite> => {
      const wanted = endpoint()
      const signed = wanted.token === 'business' ? { ...wanted, token } : wanted
      const { value, traceId } = await ctx.graph.write(signed, viewerOfAccount(account), sending)
      const kept = answered?.(value) ?? null
      return { createdId: idIn(value) ?? id, traceId, ...(kept !== null && { answered: kept }) }
    },
    publishes: (_createdId, after) => ({ kind: 'CLIENT_WABA_UPDATED', after }),
  }
}

function idIn(answer: unknown): string | null {
  return typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : null
}
