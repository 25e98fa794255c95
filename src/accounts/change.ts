import { aboutOf, viewerOfAccount } from './account.ts'
import type { Ctx } from '../context.ts'
import { gatewayProblem, type Problem } from '../errors/problem.ts'
import type { Endpoint } from '../graph/endpoint.ts'
import { GraphError } from '../graph/error.ts'
import type { Tally } from '../graph/graph.ts'
import { asGraphError } from '../graph/outcome-of.ts'
import { runWrite } from '../writes/run.ts'
import type { LookUp, Write } from '../writes/write.ts'
import type { Account } from './account.ts'
import { tokenForWrite } from './token.ts'

/** A change to an account that can be seen there: look, send what is missing, look again. */
export interface Change<State> {
  /** E.g. `subscribe_app`. */
  readonly verb: string
  /** E.g. `waba:123`. */
  readonly object: string
  /** It comes to the same whichever app of ours does it. */
  readonly anyApp?: true
  /** Id of what is changed; that of what is made, Graph's answer says. */
  readonly id: string
  /** What makes it another request; never a secret, and never what can be guessed from its digest. */
  readonly input?: unknown
  readonly key?: string | null
  /** How things stand at Graph now. It is kept in the audit, so it holds no secret. */
  look(): Promise<State>
  /** The id of what is as it should be; null while it is not. */
  done(state: State): string | null
  /** Why it cannot be sent as things stand. */
  refuse?(state: State): Problem | null | Promise<Problem | null>
  endpoint(state: State): Endpoint<unknown>
  /** What of Graph's answer is shown to the caller and kept in the audit, without anything secret; null when nothing is. */
  answered?(answer: unknown): object | null
  /** Right before it is sent: what must be on record whatever comes of it. Gives what takes it back if nothing has left. */
  announce?(): Promise<TakeBack | void>
  /**
   * What was done before cannot be told from what is: so it is sent although things are as they should be, and when no
   * answer comes nobody can look.
   */
  readonly unseen?: true
}

export type TakeBack = () => Promise<void>

/** `answered`: what was kept of Graph's answer, where there was one. */
export type Changed = { readonly createdId: string; readonly answered?: unknown } | Problem

export async function runChange<State>(ctx: Ctx, account: Account, change: Change<State>): Promise<Changed> {
  const write = writeOf(ctx, account, change)
  const outcome = await runWrite(ctx, write)
  if ('refused' in outcome) return outcome.refused
  if ('problem' in outcome) return outcome.problem
  const { createdId, answered } = outcome
  const changed = { createdId, ...(answered !== undefined && { answered }) }
  if (outcome.repeated && change.unseen) return changed
  ctx.reads.renew()
  const after = await lookAfter(ctx, change)
  // Graph said nothing against it, and yet nothing has changed.
  if (after !== null && !change.unseen && change.done(after) === null) {
    return outcome.markUnknown(unchanged, after)
  }
  await outcome.publish({ after: answered === undefined ? after : { ...after, graphAnswer: answered } })
  return changed
}

type ChangeWrite<State> = Write<State, Changed>

function writeOf<State>(ctx: Ctx, account: Account, change: Change<State>): ChangeWrite<State> {
  const { verb, object, id, key = null, input = null } = change
  let token: Endpoint<unknown>['token'] = 'business'
  return {
    app: account.app,
    verb,
    object,
    ...(change.anyApp && { anyApp: true as const }),
    key,
    input,
    about: aboutOf(account),
    prepare: async () => {
      const [prepared, opens] = await Promise.all([
        prepare(change),
        tokenForWrite(ctx, account, change.announce !== undefined),
      ])
      token = opens
      return prepared
    },
    send: async (before) => {
      const endpoint = change.endpoint(before)
      const signed = endpoint.token === 'business' ? { ...endpoint, token } : endpoint
      try {
        const { value, traceId } = await announced(ctx, change, (tally) =>
          ctx.graph.write(signed, viewerOfAccount(account), { tally }),
        )
        const answered = change.answered?.(value) ?? null
        return { createdId: madeBy(value) ?? id, traceId, ...(answered !== null && { answered }) }
      } catch (error) {
        const createdId = await madeBefore(ctx, change, error)
        if (createdId === null) throw error
        return { createdId, traceId: asGraphError(error).fbtraceId ?? null }
      }
    },
    lookUpOutcome: change.unseen ? null : () => lookFor(change),
    publishes: () => ({ kind: 'CLIENT_WABA_UPDATED' }),
  }
}

/** What never left, because Graph is paused or too many wait, is taken back. */
async function announced<T>(
  ctx: Ctx,
  change: Pick<Change<never>, 'announce' | 'verb'>,
  send: (tally: Tally) => Promise<T>,
): Promise<T> {
  const takeBack = await change.announce?.()
  const tally = { ...ctx.cost, requests: 0, units: 0 }
  try {
    return await send(tally)
  } catch (error) {
    if (tally.requests === 0 && takeBack) await takeBack()
    throw error
  } finally {
    ctx.cost.requests += tally.requests
    ctx.cost.units += tally.units
  }
}

async function prepare<State>(change: Change<State>): ReturnType<ChangeWrite<State>['prepare']> {
  const state = await change.look()
  const createdId = change.unseen ? null : change.done(state)
  if (createdId !== null) return { refused: { createdId } }
  const refused = await change.refuse?.(state)
  return refused ? { refused } : { before: state }
}

/** What Graph refuses because it is so already, and shows to be so, is done; null for every other refusal. */
async function madeBefore<State>(ctx: Ctx, change: Change<State>, error: unknown): Promise<string | null> {
  if (!(error instanceof GraphError) || !error.isDone) return null
  ctx.reads.renew()
  const now = await lookAfter(ctx, change)
  return now === null ? null : change.done(now)
}

function madeBy(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : null
}

async function lookFor<State>(change: Change<State>): Promise<LookUp> {
  const createdId = change.done(await change.look())
  return createdId === null ? 'not-made' : { createdId }
}

async function lookAfter<State>(ctx: Ctx, change: Change<State>): Promise<State | null> {
  try {
    return await change.look()
  } catch (error) {
    ctx.logger.warn({ err: error, verb: change.verb }, 'what was changed could not be read back')
    return null
  }
}

const unchanged = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'Graph took the request, and nothing has changed. Read the account again before trying again.',
)
