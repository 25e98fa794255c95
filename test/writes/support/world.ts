import { pino } from 'pino'
import type { Ctx } from '../../../src/context.ts'
import type { Store } from '../../../src/events/store.ts'
import { gatewayProblem } from '../../../src/errors/problem.ts'
import { GraphError } from '../../../src/graph/error.ts'
import { ownTime } from '../../../src/lib/clock.ts'
import { runWrite } from '../../../src/writes/run.ts'
import type { LookUp, Write } from '../../../src/writes/write.ts'

/** What happens to a request that is sent. */
export const fates = [
  'done',
  'refused',
  'lost before',
  'lost after',
  'killed before',
  'killed after',
] as const
type Fate = (typeof fates)[number]

export class Killed extends Error {}

/** An upstream that counts what it did, and a clock; several gateways may share them. */
export class World {
  now = 1_000_000
  commits = 0
  isVisible = true
  fates: (Fate | 'done before' | 'token' | 'permission')[] = []
  /** What happens while the next write looks at what there is. */
  meanwhile: (() => Promise<unknown>) | null = null
  sent = 0
  /** The store goes by the world's clock. */
  readonly stepped = { clock: () => this.now }
  /** Sent and not there yet. */
  underway: Promise<unknown> | null = null

  send(): { createdId: string; traceId: string } {
    this.sent++
    const fate = this.fates.shift() ?? 'done'
    if (fate === 'done before')
      throw new GraphError('invalid', 'it is so already', { code: 2_388_012, isDone: true })
    if (fate === 'token' || fate === 'permission') throw new GraphError(fate, 'not with this token')
    if (fate === 'refused') throw new GraphError('invalid', 'no', { code: 100 })
    if (fate === 'done' || fate.endsWith('after')) this.commits++
    if (fate.startsWith('lost')) throw new GraphError('network', 'gone', { outcomeUnknown: true })
    // Whoever is killed settles nothing; others come when it is certainly dead.
    if (fate.startsWith('killed')) throw ((this.now += 30_000), new Killed())
    return { createdId: 'thing', traceId: 'trace' }
  }

  look(): LookUp {
    if (!this.isVisible) return 'unknown'
    return this.commits > 0 ? { createdId: 'thing' } : 'not-made'
  }
}

interface Wish {
  readonly isInvisible?: boolean
  /** Instances that have ended. */
  readonly dead?: readonly string[]
  readonly key?: string | null
  readonly input?: string
  readonly object?: string
}

export function ask(
  store: Store,
  world: World,
  { key = null, input = 'A', object = 'thing:1', isInvisible = false, dead = [] }: Wish = {},
): ReturnType<typeof runWrite<LookUp>> {
  // What the verb has read before stays until it is read anew.
  let seen = world.commits
  const ctx = {
    actor: { kind: 'OPERATOR', apps: [] },
    apps: [],
    cost: { requests: 0, units: 0 },
    log: store.log,
    writes: store.writes,
    reads: { renew: () => (seen = world.commits) },
    clock: () => world.now,
    earliest: () => world.now,
    time: ownTime,
    instance: { id: 'this', isAlive: async (id: string) => !dead.includes(id) },
    logger: pino({ level: 'silent' }),
  } as unknown as Ctx
  const write: Write<LookUp> = {
    app: { appId: '1' } as Write<LookUp>['app'],
    verb: 'make',
    object,
    key,
    input,
    about: {},
    readState: async () => {
      const happen = world.meanwhile
      world.meanwhile = null
      await happen?.()
      return world.look()
    },
    send: async () => {
      await world.underway
      return world.send()
    },
    refuse: () => (key === null && seen > 0 ? thereAlready : null),
    outcomeIn: isInvisible ? null : (state, sent) => (sent === null ? 'not-made' : state),
    publishes: () => ({ kind: 'OTHER' }),
  }
  return runWrite(ctx, write)
}

/** How often somebody has come to begin at this store and was answered. */
export function watchBegin({ writes }: Store): () => number {
  const begin = writes.begin.bind(writes)
  let looks = 0
  writes.begin = async (...of) => {
    const answer = await begin(...of)
    looks++
    return answer
  }
  return () => looks
}

export const thereAlready = gatewayProblem('WRONG_STATE', 'There already.')

export const made = { createdId: 'thing' }
export const unknown = { code: 'OUTCOME_UNKNOWN' }
