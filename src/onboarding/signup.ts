import type { Ctx } from '../context.ts'
import type { AppConfig } from '../config.ts'
import { gatewayProblem, invalidInput, type Problem } from '../errors.ts'
import { exchangeCode } from '../graph/endpoints/oauth.ts'
import { GraphError } from '../graph/error.ts'
import { chooseApp } from '../solutions/input.ts'
import { recordDone } from '../writes/record.ts'
import { runWrite } from '../writes/run.ts'
import { digestOf, type Write } from '../writes/write.ts'
import { accountOf, type Account } from './account.ts'
import { bindToken, type Bound } from './bind-token.ts'
import { aboutOf } from './change.ts'

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
  let bound: Bound | null = null
  const write = writeOf(ctx, app, input, (made) => (bound = made))
  const outcome = await runWrite(ctx, write)
  if ('refused' in outcome) return outcome.refused
  if ('problem' in outcome) return outcome.problem.code === 'OUTCOME_UNKNOWN' ? lost : outcome.problem
  if (bound !== null) await tell(ctx, write, outcome, bound)
  return accountOf(ctx, app, outcome.made)
}

type CodeWrite = Write<null>

/** The code's digest is the key: a code is long and random, and whoever hands it in again gets the first answer. */
function writeOf(
  ctx: Ctx,
  app: AppConfig,
  { code, wabaId }: SignupInput,
  bind: (bound: Bound) => void,
): CodeWrite {
  const key = digestOf(code)
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
      bind(bound)
      return { made: bound.wabaId, traceId }
    },
    // Nothing at Graph shows that a code was used up.
    find: null,
  }
}

/** The code is used up: a read that fails now must not look as if it had been refused. */
function afterUse(error: unknown): never {
  if (!(error instanceof GraphError) || !error.transient) throw error
  throw new GraphError(error.kind, error.message, { outcomeUnknown: true })
}

function tell(
  ctx: Ctx,
  write: CodeWrite,
  sent: { readonly made: string; readonly traceId: string | null },
  { wabaId, businessId: ownerBusinessId }: Bound,
): Promise<void> {
  const about = { ...aboutOf({ app: write.app, wabaId, viewer: { app: write.app } }), ownerBusinessId }
  return recordDone(ctx, write, { kind: 'CLIENT_WABA_UPDATED', sent, before: null, after: null, about })
}

const lost = gatewayProblem(
  'OUTCOME_UNKNOWN',
  'The code was sent and no definite answer came. It works once and for 30 seconds, so it is not sent again: where the ' +
    'account came through a solution its token comes from there, otherwise the customer signs up once more.',
)
