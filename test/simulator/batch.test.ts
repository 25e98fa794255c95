import { describe, expect, it } from 'vitest'

import { type Play, type Reply, codeOf, lucky, play, social } from './support/world.ts'

const solutionIds = ({ sim }: Play): string[] => sim.state().solutions.map((solution) => solution.id)

describe('a batch', () => {
  const batch = (game: Play, items: unknown, more: object = {}, token?: string) =>
    game.ask('POST', '/', token ?? game.system(lucky), { batch: items, ...more })
  const rows = (reply: Reply) =>
    reply.body as unknown as { code: number; headers?: unknown[]; body: string }[]

  it('answers each item in order, with its own code and its body as text', async () => {
    const game = await play({ solutions: 1 })
    const [id = ''] = solutionIds(game)
    const reply = await batch(game, [
      { method: 'GET', relative_url: `v27.0/${id}?fields=name` },
      { method: 'GET', relative_url: '999' },
      { method: 'POST', relative_url: `${id}/accept` },
    ])
    expect(reply.status).toBe(200)
    expect(rows(reply).map((row) => row.code)).toEqual([200, 400, 400])
    expect(JSON.parse(rows(reply)[0]?.body ?? '')).toEqual({
      name: 'Social Overdrive with Lucky Shrub 1',
      id,
    })
    expect(rows(reply)[0]?.headers).toContainEqual({ name: 'facebook-api-version', value: 'v27.0' })
    expect(JSON.parse(rows(reply)[2]?.body ?? '')).toMatchObject({ error: { code: 100 } })
  })

  it('runs an item under its own token, from its query or its body', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const [waba] = game.sim.state().accounts
    const token = game.businessToken(lucky, String(waba?.ownerBusinessId))
    const reply = await batch(
      game,
      [
        { method: 'GET', relative_url: `${waba?.id}?fields=owner_business_info` },
        { method: 'GET', relative_url: `${waba?.id}?fields=owner_business_info&access_token=${token}` },
        { method: 'POST', relative_url: `${waba?.id}/subscribed_apps`, body: `access_token=${token}` },
      ],
      { include_headers: false },
    )
    expect(rows(reply).map((row) => row.code)).toEqual([400, 200, 200])
    expect(rows(reply)[0]).not.toHaveProperty('headers')
  })

  it('sends the body of an item as form text', async () => {
    const game = await play()
    const form = new URLSearchParams({
      solution_name: 'From a batch',
      partner_app_id: lucky,
      owner_permissions: '["MESSAGING"]',
      partner_permissions: '[]',
    })
    const item = {
      method: 'POST',
      relative_url: `${social}/whatsapp_business_solution`,
      body: form.toString(),
    }
    await batch(game, JSON.stringify([item]), {}, game.system(social))
    expect(game.sim.state().solutions).toMatchObject([{ name: 'From a batch', status: 'INITIATED' }])
  })

  it('takes 50 items and refuses 51, and needs a token of its own', async () => {
    const game = await play()
    const item = { method: 'GET', relative_url: lucky }
    expect(
      rows(
        await batch(
          game,
          Array.from({ length: 50 }, () => item),
        ),
      ),
    ).toHaveLength(50)
    expect(
      codeOf(
        await batch(
          game,
          Array.from({ length: 51 }, () => item),
        ),
      ),
    ).toBe(100)
    expect(codeOf(await game.ask('POST', '/', undefined, { batch: [item] }))).toBe(104)
  })

  it('refuses what it does not do, item by item', async () => {
    const game = await play()
    const reply = await batch(game, [
      { method: 'GET', relative_url: '{result=first:$.id}' },
      { method: 'GET' },
      { method: 'POST', relative_url: lucky, body: { a: 1 } },
      { method: 'POST', relative_url: '/', body: 'batch=[]' },
    ])
    expect(rows(reply).map((row) => row.code)).toEqual([400, 400, 400, 400])
    expect(codeOf(await batch(game, '[oops'))).toBe(100)
    expect(codeOf(await batch(game, [1]))).toBe(100)
  })

  it('gives each item its own headers: usage of its account, and a trace', async () => {
    const game = await play({ solutions: 1, wabas: 2 })
    const items = game.sim.state().accounts.map(({ id }) => ({ method: 'GET', relative_url: id }))
    const reply = await batch(game, [...items, { method: 'GET', relative_url: '999' }])
    const headers = rows(reply).map(
      (row) =>
        new Map((row.headers as { name: string; value: string }[]).map(({ name, value }) => [name, value])),
    )
    expect(headers.map((each) => each.has('x-business-use-case-usage'))).toEqual([true, true, false])
    const traces = headers.map((each) => each.get('x-fb-trace-id'))
    expect(new Set([...traces, reply.headers.get('x-fb-trace-id')]).size).toBe(4)
    const refusal = JSON.parse(rows(reply)[2]?.body ?? '') as { error: { fbtrace_id: string } }
    expect(refusal.error.fbtrace_id).toBe(traces[2])
    const bare = await batch(game, items, { include_headers: false })
    expect(rows(bare).map((row) => row.headers)).toEqual([undefined, undefined])
  })

  it('answers null for an item that was cut off, done or not, and its neighbours as ever', async () => {
    const game = await play({ solutions: 1 })
    const [id = ''] = solutionIds(game)
    const rule = { kind: 'nullItem', path: `/${id}/send_deactivation_request` }
    const item = { method: 'POST', relative_url: `v26.0/${id}/send_deactivation_request` }
    const items = [{ method: 'GET', relative_url: id }, item, { method: 'GET', relative_url: id }]
    for (const done of [false, true]) {
      await game.control('POST', 'faults', { rules: [{ ...rule, done }] })
      const reply = await batch(game, items, {}, game.system(social))
      expect(rows(reply)).toMatchObject([{ code: 200 }, null, { code: 200 }])
      expect(game.sim.state().solutions[0]?.pending).toBe(done ? 'PENDING_DEACTIVATION' : 'NONE')
    }
    const alone = await game.ask('POST', `/${id}/send_deactivation_request`, game.system(social))
    expect(codeOf(alone)).toBe(100)
  })

  it('costs a unit for each item, also of equal ones', async () => {
    const game = await play()
    const item = { method: 'get', relative_url: `v26.0/${lucky}` }
    await batch(game, [item, item, item])
    expect((await game.control('GET', 'requests')).body).toMatchObject({
      total: 1,
      units: 3,
      byRoute: { 'POST /': 1, 'batch GET /{app}': 3 },
    })
  })
})
