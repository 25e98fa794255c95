import { setTimeout as sleep } from 'node:timers/promises'
import { appOf, type Ctx } from '../context.ts'
import type { StoredEvent } from '../events/event.ts'
import { follow } from '../events/follow.ts'
import type { Problem } from '../errors.ts'
import { accountOf } from './account.ts'
import { atMost } from './at-most.ts'
import { newestBack } from './newest-back.ts'
import { onboard, type OnboardInput } from './onboard.ts'
import { actsSince, stepsTaken } from './taken-over.ts'

/** Of several gateways on one store, lets one act at a time. */
interface Guard {
  withLease<T>(work: (lease: { isHeld(): boolean }) => Promise<T>): Promise<T | null>
}

export interface RuleOptions {
  /** A context of the rule's own; each arrival gets one. */
  readonly context: () => Ctx
  readonly guard: Guard
  readonly input: OnboardInput
  readonly signal: AbortSignal
}

const dayMs = 24 * 60 * 60_000
const betweenTurnsMs = 10_000

/**
 * Onboards each account that arrives, until the signal ends. What arrived within a day before counts too, so nothing is
 * lost between two processes. A step that was taken since then is not taken again, and an account of which a person has
 * undone something is left to that person: the log tells, and nothing else is kept.
 */
export async function followRule({ context, guard, input, signal }: RuleOptions): Promise<void> {
  while (!signal.aborted) {
    const { logger } = context()
    await guard
      .withLease((lease) => act({ context, input, signal, isHeld: lease.isHeld }))
      .catch((error: unknown) => logger.error({ err: error }, broken))
    await sleep(betweenTurnsMs, undefined, { signal, ref: false }).catch(() => {})
  }
}

interface Turn extends Omit<RuleOptions, 'guard'> {
  readonly isHeld: () => boolean
}

const accountsAtOnce = 5

/** Each account for itself, a few at once: one that waits to be tried again holds nobody up. */
async function act(turn: Turn): Promise<void> {
  const { log, clock, apps, logger } = turn.context()
  const appIds = apps.map(({ appId }) => appId)
  const filter = { appIds, kinds: ['CLIENT_WABA_ONBOARDED'] as const }
  const inTurn = atMost(accountsAtOnce)
  const underWay = new Set<Promise<void>>()
  const begin = (event: StoredEvent): void => {
    const work = arrived(turn, event, inTurn)
      .catch((error: unknown) => logger.error({ err: error, wabaId: event.wabaId }, broken))
      .finally(() => underWay.delete(work))
    underWay.add(work)
  }
  const head = await log.head()
  const before = await newestBack(log, filter, clock() - dayMs)
  before.filter(({ seq }) => seq <= head).forEach(begin)
  for await (const event of follow(log, head, filter, turn.signal)) {
    if (!turn.isHeld()) break
    begin(event)
  }
  await Promise.all(underWay)
}

const broken = 'onboarding by rule broke off'
const tries = 8
const firstPauseMs = 1000

type InTurn = ReturnType<typeof atMost>

/** What may pass is tried again, later each time. Each try looks first. */
async function arrived(turn: Turn, arrival: StoredEvent, inTurn: InTurn): Promise<void> {
  const { signal } = turn
  for (let attempt = 0; attempt < tries && !signal.aborted; attempt++) {
    const passing = await inTurn(() => tryOnce(turn, arrival))
    if (passing.length === 0) return
    const asked = Math.max(...passing.map(({ retryAfterSeconds }) => (retryAfterSeconds ?? 0) * 1000))
    await sleep(Math.max(asked, firstPauseMs * 2 ** attempt), undefined, { signal, ref: false }).catch(
      () => {},
    )
  }
}

/** The problems that may pass. */
async function tryOnce({ context, input, signal }: Turn, arrival: StoredEvent): Promise<readonly Problem[]> {
  const { appId, wabaId } = arrival
  const ctx = context()
  const app = appOf(ctx, appId)
  if (!app || wabaId === null || signal.aborted) return []
  const leave = stepsTaken(arrival, await actsSince(ctx, arrival))
  if (leave === null) return []
  const taken = await onboard(ctx, await accountOf(ctx, app, wabaId), { ...input, leave })
  const problems = taken.flatMap(({ kind, problem }) => (problem ? [{ kind, ...problem }] : []))
  for (const { kind, code, message } of problems)
    ctx.logger.warn({ wabaId, appId, kind, code, message }, 'a step of onboarding by rule was not taken')
  return problems.filter(({ retryable }) => retryable)
}
