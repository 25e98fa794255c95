import { describe, expect, it } from 'vitest'

import { type Customer, assign, line, onboarded, shared } from './support/credit.ts'
import { type Play, type Reply, createSolution, lucky, play, social } from './support/world.ts'

interface Prepared {
  readonly method: 'POST' | 'DELETE'
  readonly path: string
  readonly token: string
  readonly route: string
}
type Prepare = (game: Play, customer: Customer) => Promise<Prepared>

const userOf = (game: Play): string => game.sim.state().apps[0]?.systemUserId ?? ''

/** Each write with what it needs beforehand. */
const writes: Record<string, Prepare> = {
  'create a solution': async (game) => ({
    method: 'POST',
    path: `/${social}/whatsapp_business_solution?${new URLSearchParams({
      solution_name: 'Once',
      partner_app_id: lucky,
      owner_permissions: '["MESSAGING"]',
      partner_permissions: '[]',
    })}`,
    token: game.system(social),
    route: 'POST /{app}/whatsapp_business_solution',
  }),
  'accept a solution': async (game) => ({
    method: 'POST',
    path: `/${await createSolution(game)}/accept`,
    token: game.system(lucky),
    route: 'POST /{solution}/accept',
  }),
  'assign a user': async (game, { waba }) => ({
    method: 'POST',
    path: `/${waba}/assigned_users?user=${userOf(game)}&tasks=["MANAGE"]`,
    token: game.system(lucky),
    route: 'POST /{waba}/assigned_users',
  }),
  'take a user away': async (game, customer) => {
    await assign(game, customer, "['MANAGE']")
    return {
      method: 'DELETE',
      path: `/${customer.waba}/assigned_users?user=${userOf(game)}`,
      token: game.system(lucky),
      route: 'DELETE /{waba}/assigned_users',
    }
  },
  'subscribe the app': async (_game, { waba, token }) => ({
    method: 'POST',
    path: `/${waba}/subscribed_apps`,
    token,
    route: 'POST /{waba}/subscribed_apps',
  }),
  'share and attach a line': async (game, customer) => {
    await assign(game, customer, "['MANAGE']")
    return {
      method: 'POST',
      path: `/${line}/whatsapp_credit_sharing_and_attach?waba_currency=USD&waba_id=${customer.waba}`,
      token: game.system(lucky),
      route: 'POST /{creditLine}/whatsapp_credit_sharing_and_attach',
    }
  },
  'share a line': async (game, { business }) => ({
    method: 'POST',
    path: `/${line}/whatsapp_credit_sharing?receiving_business_id=${business}`,
    token: game.system(lucky),
    route: 'POST /{creditLine}/whatsapp_credit_sharing',
  }),
  'attach a line': async (game, { business, waba, token }) => {
    const path = `/${line}/whatsapp_credit_sharing?receiving_business_id=${business}`
    await game.ask('POST', path, game.system(lucky))
    return {
      method: 'POST',
      path: `/${line}/whatsapp_credit_attach?waba_currency=USD&waba_id=${waba}`,
      token,
      route: 'POST /{creditLine}/whatsapp_credit_attach',
    }
  },
  'revoke a line': async (game, customer) => ({
    method: 'DELETE',
    path: `/${await shared(game, customer)}`,
    token: game.system(lucky),
    route: 'DELETE /{allocation}',
  }),
}

interface End {
  readonly name: string
  readonly rule: { readonly kind: string; readonly done?: boolean; readonly [key: string]: unknown }
  readonly commits: 0 | 1
  /** What the client sees: a status, or undefined for a connection that broke. */
  readonly status?: number
}

const everywhere: readonly End[] = [
  { name: 'no fault', rule: { kind: 'latency', ms: 0 }, commits: 1, status: 200 },
  { name: 'a lost reply', rule: { kind: 'lostReply' }, commits: 1 },
  { name: 'a reset before the work', rule: { kind: 'reset' }, commits: 0 },
  { name: 'a reset after it', rule: { kind: 'reset', done: true }, commits: 1 },
  { name: 'an error 500 before', rule: { kind: 'error', status: 500 }, commits: 0, status: 500 },
  { name: 'an error 500 after', rule: { kind: 'error', status: 500, done: true }, commits: 1, status: 500 },
  { name: 'a throttle', rule: { kind: 'throttle' }, commits: 0, status: 400 },
  { name: 'half an answer', rule: { kind: 'truncate' }, commits: 1 },
  { name: 'a hanging call', rule: { kind: 'hang' }, commits: 0 },
  { name: 'a hanging call after the work', rule: { kind: 'hang', done: true }, commits: 1 },
]
const alone: readonly End[] = [
  ...everywhere,
  { name: 'a page before', rule: { kind: 'html' }, commits: 0, status: 502 },
  { name: 'a page after', rule: { kind: 'html', done: true }, commits: 1, status: 502 },
]
const inBatch: readonly End[] = [
  ...everywhere,
  { name: 'a null', rule: { kind: 'nullItem' }, commits: 0, status: 0 },
  { name: 'a null for what is done', rule: { kind: 'nullItem', done: true }, commits: 1, status: 0 },
]

type Counts = Record<string, number>
const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0)

async function prepared(name: string): Promise<{ game: Play; write: Prepared; neighbour: Customer }> {
  const game = await play()
  const write = await writes[name]?.(game, await onboarded(game))
  if (write === undefined) throw new Error(`no write ${name}`)
  const neighbour = await onboarded(game)
  await game.control('DELETE', 'requests')
  return { game, write, neighbour }
}

const arm = ({ control }: Play, { rule }: End, { method, path }: Prepared): Promise<Reply> =>
  control('POST', 'faults', { rules: [{ method, path: path.split('?')[0], times: 1, ...rule }] })

/** Sends one request; one that hangs is left alone once what it does is done. */
async function settled(
  game: Play,
  { rule }: End,
  wanted: number,
  url: string,
  init: RequestInit,
): Promise<number[]> {
  const outcome = fetch(`${game.sim.url}${url}`, init)
    .then(statusesOf)
    .catch(() => [])
  if (rule.kind !== 'hang') return outcome
  for (;;) {
    const { body } = await game.control('GET', 'requests')
    if (body.total === 1 && total(body.writes as Counts) >= wanted) return []
  }
}

/** The status, and of a batch that of the item in the middle, 0 for null. */
async function statusesOf(response: Response): Promise<number[]> {
  const text = await response.text()
  const body: unknown = text.startsWith('[') ? JSON.parse(text) : undefined
  const item = Array.isArray(body) ? [(body[1] as { code: number } | null)?.code ?? 0] : []
  return [response.status, ...item]
}

const countsOf = async ({ control }: Play): Promise<unknown> => (await control('GET', 'requests')).body.writes
const names = Object.keys(writes).map((name) => [name])

describe('a write under faults', () => {
  it.each(names)('is done as often as the fault says, alone: %s', async (name) => {
    for (const end of alone) {
      const { game, write } = await prepared(name)
      await arm(game, end, write)
      const init = { method: write.method, headers: { authorization: `Bearer ${write.token}` } }
      const statuses = await settled(game, end, end.commits, write.path, init)
      const expected = end.commits === 0 ? {} : { [write.route]: 1 }
      expect([end.name, statuses, await countsOf(game)]).toEqual([
        end.name,
        end.status === undefined ? [] : [end.status],
        expected,
      ])
    }
  })

  it.each(names)('and in a batch, where its neighbours are done: %s', async (name) => {
    for (const end of inBatch) {
      const { game, write, neighbour } = await prepared(name)
      await arm(game, end, write)
      const batch = [
        { method: 'GET', relative_url: lucky },
        { method: write.method, relative_url: withToken(write.path, write.token) },
        { method: 'DELETE', relative_url: withToken(`/${neighbour.waba}/subscribed_apps`, neighbour.token) },
      ]
      const init = {
        method: 'POST',
        headers: { authorization: `Bearer ${game.system(lucky)}` },
        body: new URLSearchParams({ batch: JSON.stringify(batch) }),
      }
      const statuses = await settled(game, end, end.commits + 1, '/', init)
      const expected = {
        ...(end.commits === 0 ? {} : { [write.route]: 1 }),
        'DELETE /{waba}/subscribed_apps': 1,
      }
      expect([end.name, statuses, await countsOf(game)]).toEqual([
        end.name,
        end.status === undefined ? [] : [200, end.status],
        expected,
      ])
    }
  })
})

const withToken = (path: string, token: string): string =>
  `v26.0${path}${path.includes('?') ? '&' : '?'}access_token=${token}`
