import { describe, expect, it } from 'vitest'

import { createSolution, codeOf, lucky, play, social, type Reply } from './support/world.ts'

const versions = ['v27.0', 'v26.0', 'v25.0', 'v21.0', 'v3.2']

describe('what Meta has ended', () => {
  describe.each(['', ...versions.map((version) => `/${version}`)])('with %j in front', (version) => {
    const ids = 'The ids query parameter is deprecated in v26.0+.'
    it.each([
      ['GET', `/?ids=${lucky},${social}&fields=name`, 500, ids],
      ['GET', `/?ids=${lucky}`, 500, ids],
      ['GET', `/${lucky}?ids=${social}`, 500, ids],
      ['GET', `/partners?ids=${lucky}`, 500, ids],
      ['GET', `/${lucky}?date_format=U`, 500, expect.stringContaining('date_format')],
      ['POST', `/${lucky}/subscriptions?method=delete`, 400, expect.stringContaining('method override')],
      ['GET', `/${lucky}?method=post`, 400, expect.stringContaining('method override')],
      ['GET', `/${lucky}?callback=show`, 400, expect.stringContaining('JSONP')],
      ['GET', `/${lucky}?fields=name.as(n)`, 400, expect.stringContaining('aliases')],
      [
        'GET',
        `/${lucky}/whatsapp_business_solutions?fields=partners.limit(1).as(p){id}`,
        400,
        expect.stringContaining('aliases'),
      ],
      ['POST', '/?asyncbatch=[]', 400, expect.stringContaining('Asynchronous')],
    ])('is refused: %s %s', async (method, path, status, message: unknown) => {
      const { ask, system } = await play()
      const reply = await ask(method, `${version}${path}`, system(lucky))
      expect([reply.status, reply.body.error]).toEqual([status, expect.objectContaining({ code: 100 })])
      expect(reply.body.error?.message).toEqual(message)
    })
  })

  it('is refused as an item of a batch, whose neighbours are answered', async () => {
    const { ask, system } = await play()
    const items = [
      `?ids=${lucky},${social}`,
      `v25.0/${lucky}?fields=name.as(n)`,
      lucky,
      `v26.0/?ids=${lucky}`,
    ]
    const batch = items.map((relative_url) => ({ method: 'GET', relative_url }))
    const reply = await ask('POST', '/v27.0/', system(lucky), { batch })
    const rows = reply.body as unknown as { code: number; body: string }[]
    expect(rows.map(({ code }) => code)).toEqual([500, 400, 200, 500])
    expect(JSON.parse(rows[0]?.body ?? '')).toMatchObject({
      error: { code: 100, message: 'The ids query parameter is deprecated in v26.0+.' },
    })
  })

  it('is refused around a batch, and nothing of it is done', async () => {
    const game = await play()
    const id = await createSolution(game)
    const batch = [{ method: 'POST', relative_url: `${id}/accept` }]
    for (const more of ['method=post', 'callback=show'])
      expect(codeOf(await game.ask('POST', `/?${more}`, game.system(lucky), { batch }))).toBe(100)
    expect(game.sim.state().solutions[0]?.status).toBe('INITIATED')
  })

  it('changes nothing where it is only ignored', async () => {
    const { sim, system } = await play()
    const get = async (query: string, headers: Record<string, string> = {}): Promise<[number, string]> => {
      const authorization = `Bearer ${system(lucky)}`
      const answer = await fetch(`${sim.url}/${lucky}${query}`, { headers: { authorization, ...headers } })
      expect(answer.headers.has('etag')).toBe(false)
      return [answer.status, await answer.text()]
    }
    const plain = await get('')
    for (const query of ['?pretty=1', '?debug=all', '?debug=all&pretty=true'])
      expect(await get(query)).toEqual(plain)
    expect(await get('', { 'if-none-match': '*' })).toEqual(plain)
  })

  it('has nothing to do with debug_token', async () => {
    const { ask, appToken, system } = await play()
    const reply: Reply = await ask('GET', `/debug_token?input_token=${system(lucky)}`, appToken(lucky))
    expect(reply.body.data).toMatchObject({ app_id: lucky })
  })
})
