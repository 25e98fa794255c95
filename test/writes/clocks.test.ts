import { describe, expect, it, onTestFinished } from 'vitest'
import { startChild, type Child } from '../support/child.ts'
import { canShiftClocks, clockAhead } from '../support/faketime.ts'
import { emptyDatabase, query } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { Play, luckyShrub, socialOverdrive, type Json } from './support/play.ts'

interface Pair {
  readonly play: Play
  /** The first has the right clock. */
  readonly children: readonly [Child, Child]
}

/** Two gateways in processes of their own on one PostgreSQL; the second has another clock. */
async function begin(secondsAhead: number, prepare?: (play: Play) => Promise<void>): Promise<Pair> {
  const play = await Play.begin({ databaseUrl: await emptyDatabase() })
  onTestFinished(() => play.close())
  await prepare?.(play)
  await play.closeGateways()
  const environment = { ...play.environment(), LOG_LEVEL: 'warn' }
  const children = [
    startChild(environment),
    startChild(secondsAhead === 0 ? environment : { ...environment, ...clockAhead(secondsAhead) }),
  ] as const
  for (const child of children) {
    onTestFinished(async () => {
      child.process.kill('SIGKILL')
      await child.ended
    })
    const [, url = ''] = await child.says(/(http:\/\/\S+?)\/graphql/)
    play.urls.push(url)
  }
  await play.control.forgetRequests()
  return { play, children }
}

const solution = {
  appId: socialOverdrive,
  name: 'Together',
  partnerAppId: luckyShrub,
  messaging: 'PARTNER',
  idempotencyKey: 'one key',
}

const path = 'whatsapp_business_solution'
const seconds = 1_000

/** How often Graph has done the work of a write. */
const done = async (play: Play, route: string): Promise<number> => (await play.writes())[route] ?? 0
const created = (play: Play): Promise<number> => done(play, 'POST /{app}/whatsapp_business_solution')

/** Resolves when Graph has been asked so often; what it has not done counts too. */
const asked = (play: Play, method: string, times: number): Promise<void> =>
  until(async () => {
    const { byRoute } = await play.control.requests()
    const of = Object.entries(byRoute).filter(([route]) => route.startsWith(method) && route.includes(path))
    return of.reduce((sum, [, count]) => sum + count, 0) >= times
  })

/** As if so much time had passed at the store. */
const age = (play: Play, ms: number): Promise<unknown> =>
  query(play.config.databaseUrl, `UPDATE writes SET started_at = started_at - ${ms}`)

const solutionOf = (answer: Json): unknown => (answer['solution'] as Json | undefined)?.['solutionId']

describe.skipIf(!canShiftClocks).each([300, -300])(
  'two gateways, one of which has a clock that is %i seconds ahead',
  (secondsAhead) => {
    it.each([0, 1])(
      'send a write once that comes to both with one key, first to number %i',
      async (first) => {
        const { play, children } = await begin(secondsAhead)
        await play.control.faults({ method: 'POST', path, kind: 'latency', ms: 2 * seconds })
        const one = play.mutate('createSolution', solution, first)
        await asked(play, 'POST', 1)
        const two = play.mutate('createSolution', solution, 1 - first)
        expect(solutionOf(await one)).toEqual(expect.any(String))
        expect(solutionOf(await two)).toBe(solutionOf(await one))
        expect(await created(play)).toBe(1)
        const said = children[1].stdout()
        expect(said).toContain(`"clockSkewSeconds":${secondsAhead}`)
        const ready = await fetch(`${play.urls[1]}/health/ready`)
        expect(await ready.json()).toEqual({ status: 'ready', clockSkewSeconds: secondsAhead })
        const metrics = await (await fetch(`${play.urls[1]}/metrics`)).text()
        const [, skew] = /^mps_clock_skew_seconds (\S+)$/m.exec(metrics) ?? []
        expect(Math.round(Number(skew))).toBe(secondsAhead)
      },
    )

    it('send no second code that costs money, whatever the keys', async () => {
      let input: Json = {}
      const { play } = await begin(secondsAhead, async (before) => {
        const customer = await before.customer(await before.solution('Together'))
        const account = { wabaId: customer.waba_id, appId: luckyShrub }
        const number = { countryCode: '49', phoneNumber: '15123456789', verifiedName: 'Second' }
        await before.mutate('addPhoneNumber', { ...account, ...number })
        const { accounts } = before.sim.state()
        const numbers = accounts.find(({ id }) => id === customer.waba_id)?.phoneNumbers
        const phoneNumberId = numbers?.find(({ verification }) => verification !== 'VERIFIED')?.id
        input = { ...account, phoneNumberId, codeMethod: 'SMS', language: 'en_US' }
      })
      for (const instance of [0, 1, 0]) await play.mutate('requestPhoneNumberCode', input, instance)
      expect(await done(play, 'POST /{phone}/request_code')).toBe(1)
    })
  },
)

describe('a gateway that was stopped for half a minute', () => {
  it('sends nothing that another has sent meanwhile, and says so', async () => {
    const { play, children } = await begin(0)
    await play.control.faults({ method: 'GET', path, kind: 'latency', ms: 1 * seconds, times: 1 })
    const stopped = play.mutate('createSolution', solution, 0)
    await asked(play, 'GET', 1)
    children[0].process.kill('SIGSTOP')
    await age(play, 30 * seconds)
    const other = await play.mutate('createSolution', solution, 1)
    children[0].process.kill('SIGCONT')
    expect(solutionOf(other)).toEqual(expect.any(String))
    expect(await stopped).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: true })
    expect(solutionOf(await play.mutate('createSolution', solution, 0))).toBe(solutionOf(other))
    expect(await created(play)).toBe(1)
  })

  it('sends nothing when nobody came meanwhile either, because somebody might have', async () => {
    const { play, children } = await begin(0)
    await play.control.faults({ method: 'GET', path, kind: 'latency', ms: 1 * seconds, times: 1 })
    const stopped = play.mutate('createSolution', solution, 0)
    await asked(play, 'GET', 1)
    children[0].process.kill('SIGSTOP')
    await age(play, 30 * seconds)
    children[0].process.kill('SIGCONT')
    expect(await stopped).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true })
    expect(await created(play)).toBe(0)
    expect(solutionOf(await play.mutate('createSolution', solution, 0))).toEqual(expect.any(String))
    expect(await created(play)).toBe(1)
  })

  it('has sent what another finds to be done', async () => {
    const { play, children } = await begin(0)
    await play.control.faults({ method: 'POST', path, kind: 'lostReply', times: 1 })
    await play.control.faults({ method: 'GET', path, kind: 'latency', ms: 500 })
    const stopped = play.mutate('createSolution', solution, 0)
    await until(async () => (await created(play)) === 1)
    children[0].process.kill('SIGSTOP')
    await age(play, 30 * seconds)
    const other = await play.mutate('createSolution', solution, 1)
    children[0].process.kill('SIGCONT')
    expect(solutionOf(other)).toEqual(expect.any(String))
    expect(solutionOf(await stopped)).toBe(solutionOf(other))
    expect(await created(play)).toBe(1)
  })
})
