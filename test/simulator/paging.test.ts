import { describe, expect, it } from 'vitest'

import { type Play, type Reply, codeOf, createSolution, lucky, play, social } from './support/world.ts'

interface Paging {
  cursors: { before: string; after: string }
  next?: string
  previous?: string
}
const pagingOf = (reply: Reply): Paging => reply.body.paging as unknown as Paging
const idsOf = (reply: Reply): unknown[] => (reply.body.data ?? []).map((row) => row.id)

const list = ({ ask, system }: Play, query: string): Promise<Reply> =>
  ask('GET', `/v27.0/${social}/whatsapp_business_solutions?${query}`, system(social))

describe('paging', () => {
  it('walks a list forth and back by cursors, each row once', async () => {
    const game = await play({ solutions: 7 })
    const pages: Reply[] = [await list(game, 'limit=3')]
    for (let after = ''; pages.length < 3; after = '') {
      after = pagingOf(pages.at(-1) as Reply).cursors.after
      pages.push(await list(game, `limit=3&after=${after}`))
    }
    const all = game.sim.state().solutions.map((solution) => solution.id)
    expect(pages.flatMap(idsOf)).toEqual(all)
    expect(pages.map((page) => 'next' in pagingOf(page))).toEqual([true, true, false])
    expect(pages.map((page) => 'previous' in pagingOf(page))).toEqual([false, true, true])
    const back = await list(game, `limit=3&before=${pagingOf(pages[2] as Reply).cursors.before}`)
    expect(idsOf(back)).toEqual(all.slice(3, 6))
  })

  it('gives 25 rows unless told, and never more than 100', async () => {
    const game = await play({ solutions: 120 })
    expect(idsOf(await list(game, ''))).toHaveLength(25)
    expect(idsOf(await list(game, 'limit=5000'))).toHaveLength(100)
    for (const limit of ['0', '-1', 'many', '1.5'])
      expect(codeOf(await list(game, `limit=${limit}`))).toBe(100)
  })

  it('puts the token and the query into `next`, as Meta does, and it can be followed', async () => {
    const game = await play({ solutions: 3 })
    const next = new URL(String(pagingOf(await list(game, 'limit=2&role=OWNER&fields=name,status')).next))
    expect(next.searchParams.get('access_token')).toBe(game.system(social))
    expect([next.pathname, next.searchParams.get('role'), next.searchParams.get('fields')]).toEqual([
      `/v27.0/${social}/whatsapp_business_solutions`,
      'OWNER',
      'name,status',
    ])
    const followed = (await (await fetch(next)).json()) as { data: unknown[] }
    expect(followed.data).toHaveLength(1)
  })

  it('kills cursors when a row of the list is added', async () => {
    const game = await play({ solutions: 4 })
    const { after } = pagingOf(await list(game, 'limit=2')).cursors
    expect((await list(game, `limit=2&after=${after}`)).status).toBe(200)
    await createSolution(game)
    expect(codeOf(await list(game, `limit=2&after=${after}`))).toBe(100)
  })

  it('kills no cursor but that of a row that has gone, where the seed says so', async () => {
    const game = await play({ solutions: 1, wabas: 5, cursorLife: 'row' })
    const accounts = game.sim.state().accounts.map(({ id }) => id)
    const portfolio = game.sim.state().apps.find(({ appId }) => appId === lucky)?.businessId
    const page = (query: string): Promise<Reply> =>
      game.ask('GET', `/${portfolio}/client_whatsapp_business_accounts?${query}`, game.system(lucky))
    const { after } = pagingOf(await page('limit=2')).cursors
    await game.control('POST', 'unshare', { waba_id: accounts[0] })
    expect(idsOf(await page(`limit=2&after=${after}`))).toEqual(accounts.slice(2, 4))
    await game.control('POST', 'unshare', { waba_id: accounts[1] })
    expect(codeOf(await page(`limit=2&after=${after}`))).toBe(100)
  })

  it('refuses cursors that are nonsense, of another list, or both at once', async () => {
    const game = await play({ solutions: 4 })
    const { after } = pagingOf(await list(game, 'limit=2')).cursors
    expect(codeOf(await list(game, 'after=nonsense'))).toBe(100)
    expect(codeOf(await list(game, `after=${after}&before=${after}`))).toBe(100)
    const path = `/${game.sim.state().solutions[0]?.id}/partners?after=${after}`
    expect(codeOf(await game.ask('GET', path, game.system(social)))).toBe(100)
  })

  it('pages nested edges as well, with a `next` of their own', async () => {
    const game = await play({ solutions: 1, partnersPerSolution: 3 })
    const id = String(game.sim.state().solutions[0]?.id)
    const { body } = await game.ask('GET', `/${id}?fields=partners.limit(2){status}`, game.system(lucky))
    const partners = body.partners as unknown as { data: unknown[]; paging: Paging }
    expect(partners.data).toHaveLength(2)
    const next = new URL(String(partners.paging.next))
    expect([next.pathname, next.searchParams.get('fields')]).toEqual([`/v27.0/${id}/partners`, 'status'])
    const rest = await game.ask(
      'GET',
      `/${id}?fields=partners.after(${partners.paging.cursors.after}){id}`,
      game.system(lucky),
    )
    expect((rest.body.partners as unknown as { data: unknown[] }).data).toHaveLength(1)
  })

  it('leaves paging out of an empty list', async () => {
    expect((await list(await play(), '')).body).toEqual({ data: [] })
  })
})
