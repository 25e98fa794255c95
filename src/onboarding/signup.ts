import type { Ctx } from '../context.ts'
import type { AppConfig } from '../config.ts'
import { gatewayProblem, invalidInput, type Problem } from '../errors.ts'
import { exchangeCode } from '../graph/endpoints/oauth.ts'
import { GraphError } from '../graph/error.ts'
import { toProblem } from '../problems.ts'
import { chooseApp } from '../solutions/input.ts'
import { exclusively } from '../writes/exclusive.ts'
import { runWrite } from '../writes/run.ts'
import { digestOf, idOf, type Write } from '../writes/write.ts'
import { accountOf, type Account } from './account.ts'
import { bindToken } from './bind-token.ts'
import { tokenThatOpens } from './token.ts'

export interface SignupInput {
  readonly code: string
  readonly appId: string | null
  /** The account that the signup page was told of; the newest of the token's when left out. */
  readonly wabaId: string | null
}

/**
 * Changes the code of Embedded Signup for the customer's business token, at once and once. The token stays in memory,
 * and is kept only when Graph says that it is ours and opens the account.
 */
export async function completeSignup(ctx: Ctx, input: SignupInput): Promise<Account | Problem> {
  const app = chooseApp(ctx, input.appId)
  if ('type' in app) return app
  if (!/^[\x21-\x7e]{8,4000}$/.test(input.code))
    return invalidInput(['input', 'code'], 'A code has 8 to 4000 printable characters and no white space.')
  const write = writeOf(ctx, app, input)
  // Who comes second has to find on record whose the account is.
  return exclusively(ctx.writes, { ...idOf(write), verb: 'sign_up' }, () => exchange(ctx, write))
}

async function exchange(ctx: Ctx, write: CodeWrite): Promise<Account | Problem> {
  const { app } = write
  const outcome = await runWrite(ctx, write)
  if ('refused' in outcome) return outcome.refused
  if ('problem' in outcome) return outcome.problem.code === 'OUTCOME_UNKNOWN' ? lost : outcome.problem
  await outcome.tell()
  const account = await accountOf(ctx, app, outcome.made)
  return outcome.repeated ? ((await whyNoToken(ctx, account)) ?? account) : account
}

/** The code was changed before, and its token was in memory: null as long as there is one that opens the account. */
async function whyNoToken(ctx: Ctx, account: Account): Promise<Problem | null> {
  try {
    await tokenThatOpens(ctx, account)
    return null
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    return error.transient ? toProblem(error) : gone
  }
}

type CodeWrite = Write<null>

/** The code's digest is the key: a code is long and random, and whoever hands it in again gets the first answer. */
function writeOf(ctx: Ctx, app: AppConfig, { code, wabaId }: SignupInput): CodeWrite {
  const key = digestOf(code)
  let ownerBusinessId: string | null = null
  return {
    app,
    verb: 'exchange_code',
    object: 'code of embedded signup',
    key,
    input: [wabaId],
    about: { wabaId },
    prepare: async () => ({ before: null }),
    send: async () => {
      const { value, traceId } = await ctx.graph.write(exchangeCode(app, code), { app })
      const bound = await bindToken(ctx, app, value.access_token, wabaId).catch(afterUse)
      ownerBusinessId = bound.businessId
      return { made: bound.wabaId, traceId }
    },
    // Nothing at Graph shows that a code was used up.
    find: null,
    tells: (made) => ({ kind: 'CLIENT_WABA_UPDATED', about: { wabaId: made, ownerBusinessId } }),
  }
}

/** The code is used up: a read that fails now must not look as if it had been refused. */
function afterUse(error: unknown): never {
  if (!(error instanceof GraphError) || !error.transient) throw error
  throw new GraphError(error.kind, error.message, { outcomeUnknown: true })
}

const lost = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The code was sent and no definite answer came. It works once and for 30 seconds, so it is not sent again: where the ' +
    'account came through a solution its token comes from there, otherwise the customer signs up once more.',
)

const gone = gatewayProblem(
  'TOKEN_INVALID',
  'This code was changed for a token before, and that token, kept in memory only, is no longer here or no longer valid. A ' +
    'code works once: the customer signs up once more, and the new code is handed in.',
  false,
  { waitsFor: 'CUSTOMER' },
)
