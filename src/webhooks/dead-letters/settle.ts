import type { Ctx } from '../../context.ts'
import { gatewayProblem, type Problem } from '../../errors/problem.ts'
import type { DeadLetter } from '../../events/dead-letters.ts'
import { runOnce } from '../../writes/once.ts'
import { checkKey } from '../../writes/record.ts'
import { redrive } from '../redrive.ts'
import { DeadLetterRow } from './row.ts'

/** What an operator does with a letter. */
type Verb = 'redriveDeadLetter' | 'discardDeadLetter'

export interface Settling {
  readonly verb: Verb
  readonly id: string
  /** The app that the letter's id names; null when it names none. */
  readonly appId: string | null
  readonly idempotencyKey: string | null
}

export interface SettledLetter {
  readonly type: 'Done'
  readonly letter: DeadLetterRow
  /** Nothing was done: the letter had been settled before, or the key had been used. */
  readonly repeated: boolean
}

const noSuchLetter = gatewayProblem(
  'NOT_FOUND',
  'There is no such dead letter, or no app of the caller has it.',
)

/** Settles a dead letter once under its key. One that is settled already stays as it is. */
export async function settleDeadLetter(ctx: Ctx, settling: Settling): Promise<SettledLetter | Problem> {
  const { verb, id, idempotencyKey: key } = settling
  const badKey = checkKey(key)
  if (badKey) return badKey
  const letter = await ctx.deadLetters.get(Number(id))
  const app = ctx.actor.apps.find(({ appId }) => appId === letter?.appId)
  if (!letter || !app || (settling.appId ?? app.appId) !== app.appId) return noSuchLetter
  const done = await runOnce(
    ctx,
    { app, verb, key, input: { id } },
    () => settleUnlessSettled(ctx, verb, letter),
    ({ repeated }) => ({ repeated }),
  )
  if ('type' in done) return done
  const now = (await ctx.deadLetters.get(letter.id)) ?? letter
  return {
    type: 'Done',
    letter: new DeadLetterRow(now, { app }),
    repeated: 'earlier' in done || done.repeated,
  }
}

async function settleUnlessSettled(ctx: Ctx, verb: Verb, letter: DeadLetter) {
  if (letter.handled) return { repeated: true }
  if (verb === 'redriveDeadLetter') await redrive(ctx, letter)
  else await ctx.deadLetters.recordRedrive(letter.id, { at: ctx.clock(), handled: true, detail: 'discarded' })
  return { repeated: false }
}
