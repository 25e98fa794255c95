import { setTimeout as sleep } from 'node:timers/promises'
import { Play, type Json } from '../../test/writes/support/play.ts'
import type { Route, Verb } from '../../test/writes/support/verbs/verb.ts'
import { within } from '../within.ts'
import { claimOf, type Claim } from './claim.ts'
import type { Callers, End } from './ends.ts'
import type { Round, Stage } from './judge.ts'
import { startVictim } from './victim.ts'

export interface Scenario {
  readonly verb: Verb
  /** Which of the verb's writes is struck. */
  readonly route: Route
  readonly end: End
  readonly callers: Callers
  readonly key: string | null
  /** An empty place for two gateways; a file of one gateway when left out. */
  readonly databaseUrl?: string
}

/** Shorter than the gateway's own, so that hanging calls do not take ten seconds. */
const deadlineMs = 1_500
/** After this time whoever began a write is dead, and after the other what was not made is given up. */
const deadMs = 30_000
const certainMs = 130_000

/** Plays a scenario: the fault, the same request when it is gone, and once more after the time that a write has. */
export async function playRound(scenario: Scenario): Promise<Round> {
  const { verb, databaseUrl, key } = scenario
  const play = await Play.begin({
    deadlineMs,
    ...(verb.wired && { wired: true }),
    ...(databaseUrl !== undefined && { databaseUrl }),
  })
  try {
    const input = await verb.prepare(play)
    const ask = async (instance: number): Promise<Claim> => {
      const given = await input(instance)
      return claimOf(
        await play.mutate(verb.field, key === null ? given : { ...given, idempotencyKey: key }, instance),
      )
    }
    await play.control.forgetRequests()
    const stages = scenario.end.killed
      ? await killed(scenario, play, input, ask)
      : await alive(scenario, play, ask)
    return { verb, hasKey: key !== null || verb.key === 'derived', stages }
  } finally {
    await play.close()
  }
}

type Ask = (instance: number) => Promise<Claim>

async function alive(scenario: Scenario, play: Play, ask: Ask): Promise<readonly Stage[]> {
  const { end, callers, route } = scenario
  if (callers === 'two at two gateways') await play.addGateway()
  const asked = callers === 'one' ? [0] : callers === 'two at one gateway' ? [0, 0] : [0, 1]
  await strike(play, route, end)
  const answers = Promise.all(asked.map(ask))
  answers.catch(() => {})
  if (end.blind) await blind(play, route, end)
  const stages = [await stage('under the fault', play, await answers)]
  await play.control.faults()
  // Whoever had begun has an answer: a second caller may have been told to ask again in a moment.
  stages.push(await stage('the fault gone', play, await Promise.all(asked.map(ask))))
  return [...stages, await late(play, ask, certainMs)]
}

async function killed(
  { verb, route, end, key }: Scenario,
  play: Play,
  input: (instance: number) => Json | Promise<Json>,
  ask: Ask,
): Promise<readonly Stage[]> {
  await play.closeGateways()
  const victim = await startVictim(play)
  play.urls.push(victim.url)
  const given = await input(0)
  await strike(play, route, end)
  const answer = play.mutate(verb.field, key === null ? given : { ...given, idempotencyKey: key })
  const broken = answer.then(
    () => false,
    () => true,
  )
  await arrived(play, route, end)
  await victim.kill()
  if (!(await broken)) throw new Error('The killed gateway has answered')
  await play.control.faults()
  play.urls.length = 0
  await play.addGateway()
  play.aheadMs = deadMs
  const stages = [await stage('after the kill', play, [await ask(0)])]
  return [...stages, await late(play, ask, certainMs)]
}

async function late(play: Play, ask: Ask, aheadMs: number): Promise<Stage> {
  play.aheadMs = aheadMs
  return { ...(await stage('two minutes later', play, [await ask(0)])), isLate: true }
}

async function stage(name: string, play: Play, claims: readonly Claim[]): Promise<Stage> {
  return { name, claims, writes: await play.writes(), isLate: false }
}

async function strike(play: Play, { method, path }: Route, { rule }: End): Promise<void> {
  if (rule) await play.control.faults({ method, path, times: 1, ...rule })
}

/** Reads fail as well from when the write is out. */
async function blind(play: Play, route: Route, end: End): Promise<void> {
  await arrived(play, route, end)
  await play.control.faults(
    { method: 'GET', path: '/', kind: 'error', code: 2 },
    { path: '^/$', kind: 'error', code: 2 },
  )
}

/** The write is with the simulator, and done where the fault says so. */
async function arrived(play: Play, { name }: Route, { rule }: End): Promise<void> {
  const wanted = rule?.['done'] === true ? 'writes' : 'byRoute'
  const look = async (): Promise<void> => {
    for (;;) {
      const counts = (await play.control.requests()) as unknown as Record<string, Record<string, number>>
      if ((counts[wanted]?.[name] ?? 0) > 0) return
      await sleep(5)
    }
  }
  await within(120_000, `${name} to arrive`, look())
}
