import type { AppConfig } from '../../config/config.ts'
import type { Ctx } from '../../context.ts'
import { StoreUnavailable } from '../../events/log.ts'
import { invalidInput, type Problem } from '../../errors/problem.ts'
import { exchangeCode } from '../../graph/endpoints/tokens.ts'
import { GraphError, asGraphError, outcomeOf } from '../../graph/error.ts'
import { toProblem } from '../../problems.ts'
import { chooseApp } from '../../solutions/input.ts'
import { withLocalLock } from '../../writes/lock.ts'
import { claimKey } from '../../writes/once.ts'
import { conflict } from '../../writes/problems.ts'
import { runWrite } from '../../writes/run.ts'
import { digestOf, idOf } from '../../writes/record.ts'
import type { EventOfWrite } from '../../writes/write.ts'
import { accountOf, type Account } from '../../accounts/account.ts'
import { tokenThatOpens } from '../../accounts/token.ts'
import { bindToken, type TokenBinding } from './bind-token.ts'
import {
  type ExchangeWrite,
  holderOf,
  printExchange,
  readExchange,
  recordBinding,
  releaseBound,
} from './exchange-record.ts'
import { explain, gone, notAllowed, notYet, unread, unreadHere } from './problems.ts'

export interface SignupInput {
  readonly code: string
  readonly appId: string | null
  /** The account that the signup page was told of; what the token opens is looked for when left out. */
  readonly wabaId: string | null
  /** Of a dialog that ended by redirecting. */
  readonly redirectUri: string | null
  readonly idempotencyKey: string | null
}

/**
 * Changes the code of Embedded Signup for the customer's business token, at once and once. The token is kept, in the vault
 * where there is one: what may fail after the exchange is tried again with it, and the code is not sent again.
 */
export async function completeSignup(ctx: Ctx, input: SignupInput): Promise<Account | Problem> {
  const app = chooseApp(ctx, input.appId)
  if ('type' in app) return app
  if (!/^[\x21-\x7e]{8,4000}$/.test(input.code))
    return invalidInput(['input', 'code'], 'A code has 8 to 4000 printable characters and no white space.')
  if (input.redirectUri !== null && !ctx.redirectUris.includes(input.redirectUri)) return notAllowed
  const claimed = await claimKey(ctx, claimOf(app, input))
  if (claimed) return claimed
  const exchange = exchangeOf(ctx, app, input)
  if (!ctx.graph.sharesTokens) await ctx.instance.announce()
  // Who comes second has to find on record whose the account is.
  return withLocalLock(ctx.writes, { ...idOf(exchange.write), verb: 'sign_up' }, () => signUp(ctx, exchange))
}

/** The code is long and random: its digest gives nothing away. */
const claimOf = (app: AppConfig, { idempotencyKey: key, code, wabaId, redirectUri }: SignupInput) => ({
  app,
  verb: 'complete_signup',
  key,
  input: [digestOf(code), wabaId, redirectUri],
})

interface Exchange {
  readonly write: ExchangeWrite
  readonly wanted: string | null
  /** What the token was seen to open when it had just come; null when it did not come now, or that could not be told. */
  readonly bound: () => TokenBinding | null
  /** Why the account could not be told when the token had just come. */
  readonly failure: () => GraphError | null
}

async function signUp(ctx: Ctx, exchange: Exchange): Promise<Account | Problem> {
  const { write, wanted } = exchange
  const { app } = write
  const outcome = await runWrite(ctx, write)
  if ('type' in outcome) return explain(outcome, () => opensAnyway(ctx, app, wanted))
  const fresh = exchange.bound()
  if (fresh) await releaseBound(ctx, fresh)
  const { wabaId, holder } = readExchange(outcome.createdId)
  if (wabaId === null) return bindAgain(ctx, exchange, holder)
  if (wanted !== null && wanted !== wabaId) return conflict
  const account = await accountOf(ctx, app, wabaId)
  return outcome.repeated ? ((await whyNoToken(ctx, exchange, account, holder)) ?? account) : account
}

/** Whether a token opens the account that comes another way than by the code. */
async function opensAnyway(ctx: Ctx, app: AppConfig, wanted: string | null): Promise<boolean> {
  if (wanted === null) return false
  const opened = await outcomeOf(tokenThatOpens(ctx, await accountOf(ctx, app, wanted)))
  return 'value' in opened
}

/** The token is there, and what it opens was not known: it is read again. */
async function bindAgain(
  ctx: Ctx,
  { write, wanted, failure }: Exchange,
  holder: string | null,
): Promise<Account | Problem> {
  const { app, key } = write
  const first = failure()
  if (first) return afterExchange(ctx, write, first)
  const held = await ctx.graph.unclaimed.of(app, key ?? '')
  if (!held) return (await isElsewhere(ctx, holder)) ? notYet : gone
  try {
    const bound = await bindToken(ctx, { app, token: held.token, digest: key ?? '' }, wanted)
    await recordBinding(ctx, write, bound)
    await releaseBound(ctx, bound)
    return await accountOf(ctx, app, bound.wabaId)
  } catch (error) {
    return afterExchange(ctx, write, asFailure(error))
  }
}

/** The code is used up: a read that fails now must not look as if nothing had been done. */
function afterExchange({ graph }: Ctx, { key }: ExchangeWrite, error: GraphError): Problem {
  if (!error.transient) return toProblem(error)
  return graph.unclaimed.isOnlyHere(key ?? '') ? unreadHere : unread
}

/** The code was changed before, and its token was kept: null as long as there is one that opens the account. */
async function whyNoToken(
  ctx: Ctx,
  { write }: Exchange,
  account: Account,
  holder: string | null,
): Promise<Problem | null> {
  if (await ctx.graph.unclaimed.of(write.app, write.key ?? '')) return null
  try {
    await tokenThatOpens(ctx, account)
    return null
  } catch (error) {
    if (!(error instanceof GraphError)) throw error
    if (error.transient) return toProblem(error)
    return (await isElsewhere(ctx, holder)) ? null : gone
  }
}

/** In the memory of another instance, which shares no tokens. */
const isElsewhere = async ({ instance }: Ctx, holder: string | null): Promise<boolean> =>
  holder !== null && holder !== instance.id && (await instance.isAlive(holder))

/** The code's digest is the key: a code is long and random, and whoever hands it in again gets the first answer. */
function exchangeOf(ctx: Ctx, app: AppConfig, { code, wabaId, redirectUri }: SignupInput): Exchange {
  const digest = digestOf(code)
  let bound: TokenBinding | null = null
  let failure: GraphError | null = null
  const write: ExchangeWrite = {
    app,
    verb: 'exchange_code',
    // Each code is one of its own: signups do not wait for each other.
    object: `code of embedded signup ${digest.slice(0, 16)}`,
    key: digest,
    // The code alone makes the request: with another account or address it is the same one, and must not be sent again.
    input: null,
    about: { wabaId },
    readState: async () => (await ctx.graph.unclaimed.of(app, digest)) !== null,
    record: () => null,
    send: async (_, sending) => {
      const { value, traceId } = await ctx.graph.write(exchangeCode(app, code, redirectUri), { app }, sending)
      try {
        bound = await bindToken(ctx, { app, token: value.access_token, digest }, wabaId)
      } catch (error) {
        failure = asFailure(error)
      }
      return { createdId: printExchange(bound?.wabaId ?? null, holderOf(ctx)), traceId }
    },
    // Nothing at Graph shows that a code was used up, and the token that came for it does.
    outcomeIn: (isHeld) => (isHeld ? { createdId: printExchange(null, holderOf(ctx)) } : 'invisible'),
    frees: mayBeSentAgain,
    publishes: (createdId) => eventOfExchange(readExchange(createdId).wabaId, bound),
  }
  return { write, wanted: wabaId, bound: () => bound, failure: () => failure }
}

/** The code is used up and its token held: a store that fails now is no reason to lose either. */
function asFailure(error: unknown): GraphError {
  return error instanceof StoreUnavailable
    ? new GraphError('unavailable', error.message)
    : asGraphError(error)
}

/** What says that the code itself was not taken: Graph was not there for it, or wants another `redirect_uri`. */
const mayBeSentAgain = (problem: Problem): boolean =>
  problem.retryable || (problem.type === 'GraphApiProblem' && problem.graphSubcode === 36_008)

const eventOfExchange = (wabaId: string | null, bound: TokenBinding | null): EventOfWrite =>
  wabaId === null
    ? { kind: 'OTHER' }
    : { kind: 'CLIENT_WABA_UPDATED', about: { wabaId, ownerBusinessId: bound?.businessId ?? null } }
