import { describe, expect, it } from 'vitest'
import { globalId, luckyShrub, refuse, startWorld, tellOnboardings } from './support/world.ts'

const list = (node: string): string =>
  `{ app(id: "${luckyShrub}") { solutions(first: 50) { edges { node { ${node} } } } } }`

interface Solutions {
  readonly app: {
    readonly solutions: { readonly edges: readonly { readonly node: Record<string, unknown> }[] }
  }
}
const nodesOf = (data: unknown) => (data as Solutions).app.solutions.edges.map(({ node }) => node)

describe('a field that Graph refuses', () => {
  it('is null with an error at its path in each row, and the rest answers', async () => {
    await using world = await startWorld({ wabas: 1 })
    await refuse(world.simulator, 'owner_permissions')
    const { data, errors, total } = await world.run(list('solutionId name ownerPermissions'))
    expect(
      nodesOf(data).every(({ name, ownerPermissions }) => name !== null && ownerPermissions === null),
    ).toBe(true)
    expect(errors).toHaveLength(50)
    expect(errors?.[7]).toMatchObject({
      path: ['app', 'solutions', 'edges', 7, 'node', 'ownerPermissions'],
      extensions: { code: 'UPSTREAM_REFUSED', graphCode: 100 },
    })
    expect(total).toBe(2)
    const again = await world.run(list('name ownerPermissions graphStatus'))
    expect(again.errors).toHaveLength(50)
    expect(again.total).toBe(1)
    expect(await world.fields()).not.toContain('owner_permissions')
  })

  it('is answered another way inside a row of a row, and counts against nobody else', async () => {
    await using world = await startWorld({ wabas: 3 })
    await refuse(world.simulator, 'partners')
    const query = `{ app(id: "${luckyShrub}") { clientWabas(first: 10) { edges { node { name
      solutions(first: 5) { edges { node { name partners(first: 5) { edges { node { app { name } } } } } } } } } } } }`
    const { data, errors, total } = await world.run(query)
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).toContain('"app":{"name":"Lucky Shrub"}')
    expect(total).toBe(3)
    await world.forget()
    expect((await world.run(query)).total).toBe(2)
  })

  it('of an app in a partner in a solution costs that name alone', async () => {
    await using world = await startWorld({ wabas: 1 })
    await refuse(world.simulator, 'link')
    const { data, errors } = await world.run(
      `{ solution(id: "${world.solutionIds[0]}") { name partners(first: 5) { edges { node { app { name link } } } } } }`,
    )
    expect(data).toMatchObject({
      solution: { partners: { edges: [{ node: { app: { name: 'Lucky Shrub', link: null } } }] } },
    })
    expect(errors).toMatchObject([
      {
        path: ['solution', 'partners', 'edges', 0, 'node', 'app', 'link'],
        extensions: { code: 'UPSTREAM_REFUSED' },
      },
    ])
  })

  it('leaves a solution whose status is not told as UNKNOWN', async () => {
    await using world = await startWorld({ wabas: 1 })
    await refuse(world.simulator, 'status')
    const { data } = await world.run(list('name status graphStatus'))
    expect(nodesOf(data)[0]).toEqual({
      name: expect.any(String) as string,
      status: 'UNKNOWN',
      graphStatus: null,
    })
  })

  it.each([
    ['(#100) Tried accessing nonexistent field (owner_permissions)'],
    ['Tried accessing nonexisting field (owner_permissions) on node type (SomethingNew)'],
  ])('is understood as Graph may say it: %s', async (message) => {
    await using world = await startWorld({ wabas: 1 })
    const fault = { path: 'whatsapp_business_solutions', kind: 'error', code: 100, message, times: 1 }
    await world.simulator.faults(fault)
    const { data, errors, total } = await world.run(list('name ownerPermissions'))
    expect(nodesOf(data)[49]).toMatchObject({ name: expect.any(String) as string, ownerPermissions: null })
    expect(errors).toHaveLength(50)
    expect(total).toBe(2)
  })

  it('that is not named is looked for among the expansions first, which can be read another way', async () => {
    await using world = await startWorld({ wabas: 1 })
    const fault = { path: 'whatsapp_business_solutions', kind: 'error', code: 100, message: '(#100) No.' }
    await world.simulator.faults({ ...fault, times: 1 })
    const query = list('name partners(first: 5) { edges { node { status } } }')
    const expanded = await world.run(query)
    expect(expanded.errors).toBeUndefined()
    expect(expanded.total).toBe(3)
    await world.forget()
    expect((await world.run(query)).total).toBe(2)
  })

  it.each([
    ['in a list', () => list('solutionId name ownerPermissions graphStatus'), 1],
    [
      'of 50 objects in a batch',
      (ids: readonly string[]) =>
        `{ nodes(ids: ${JSON.stringify(ids.map((id) => globalId('Solution', id)))}) {
          ... on Solution { solutionId name ownerPermissions graphStatus } } }`,
      1,
    ],
  ])('that is not named is found %s, and is the only one that is null', async (_name, queryOf, once) => {
    await using world = await startWorld({ wabas: 1 })
    const vague = { kind: 'unknownField', path: '/', message: '(#100) Invalid parameter', code: 100 }
    await world.simulator.faults({ ...vague, field: 'owner_permissions' })
    const query = queryOf(world.solutionIds)
    const { data, errors, total, units } = await world.run(query)
    const whole = /"name":"Social Overdrive[^"]+","ownerPermissions":null,"graphStatus":"ACTIVE"/g
    expect(JSON.stringify(data).match(whole)).toHaveLength(50)
    const code = { extensions: { code: 'UPSTREAM_REFUSED', graphCode: 100 } }
    expect(errors).toHaveLength(50)
    expect(errors?.every(({ path }) => path?.at(-1) === 'ownerPermissions')).toBe(true)
    expect(errors?.[0]).toMatchObject(code)
    // As it was wanted, each field by itself for one of them, and without the one that is refused.
    expect(total).toBe(3 * once)
    expect(units).toBeLessThanOrEqual(2 * 50 + 4)
    await world.forget()
    const again = await world.run(query)
    expect(again.data).toEqual(data)
    expect(again.errors).toHaveLength(50)
    expect(again.total).toBe(once)
  })

  it('is one of many: they are found at once, and not one after the other', async () => {
    await using world = await startWorld({ wabas: 1 })
    await refuse(world.simulator, 'owner_permissions', 'status', 'name', 'owner_app')
    const query = list('solutionId name graphStatus ownerPermissions ownerApp { name }')
    const { errors, total } = await world.run(query)
    expect(errors).toHaveLength(4 * 50)
    expect(total).toBeLessThanOrEqual(5)
    await world.forget()
    expect((await world.run(query)).total).toBe(1)
  })

  it('that needs a permission that others do not leaves the rest of its object, and is not asked for again', async () => {
    await using world = await startWorld({ wabas: 2 })
    const [closed = '', open = ''] = world.wabaIds
    const fault = { kind: 'unknownField', path: `^/${closed}$`, field: 'currency', code: 10, status: 403 }
    await world.simulator.faults(fault)
    const query = `{ a: clientWaba(id: "${closed}") { name currency country } b: clientWaba(id: "${open}") { currency } }`
    const { data, errors, total } = await world.run(query)
    expect(data).toMatchObject({
      a: { name: expect.any(String) as string, currency: null },
      b: { currency: expect.any(String) as string },
    })
    expect(errors).toMatchObject([{ path: ['a', 'currency'], extensions: { code: 'NOT_PERMITTED' } }])
    expect(total).toBeLessThanOrEqual(4)
    const more = await world.run(query.replace('country', 'country timezoneId'))
    expect([more.errors, more.total]).toEqual([errors, 1])
    // Something has come to pass with the account: perhaps the permission.
    await world.simulator.faults()
    await world.forget()
    expect((await world.run(query)).errors).toBeUndefined()
  })

  it('is no field at all where Graph refuses the whole list: guessing ends with the first query', async () => {
    await using world = await startWorld({ wabas: 1 })
    const fault = { path: 'whatsapp_business_solutions', kind: 'error', code: 100, message: '(#100) No.' }
    await world.simulator.faults(fault)
    const query = list('name status ownerPermissions partners(first: 5) { edges { node { status } } }')
    const { errors, total } = await world.run(query)
    expect(errors).toMatchObject([{ path: ['app', 'solutions'], extensions: { graphCode: 100 } }])
    expect(total).toBe(3)
    const again = await world.run(query)
    expect(again.errors).toMatchObject([{ path: ['app', 'solutions'], extensions: { graphCode: 100 } }])
    expect(again.total).toBe(1)
  })

  it('as an edge too is not asked for again, and fails there alone', async () => {
    await using world = await startWorld({ wabas: 3 })
    const [unknown] = world.wabaIds
    const message =
      '(#100) Tried accessing nonexisting field (phone_numbers) on node type (WhatsAppBusinessAccount)'
    await world.simulator.faults(
      { kind: 'unknownField', path: '/', field: 'phone_numbers' },
      { kind: 'error', code: 100, message, path: '/phone_numbers' },
    )
    const query = `{ clientWaba(id: "${unknown}") { name phoneNumbers(first: 5) { edges { cursor } } } }`
    const { data, errors } = await world.run(query)
    expect(data).toMatchObject({ clientWaba: { name: expect.any(String) as string } })
    expect(errors).toMatchObject([
      { path: ['clientWaba', 'phoneNumbers'], extensions: { code: 'UPSTREAM_REFUSED' } },
    ])
    await world.forget()
    const again = await world.run(query.replace(unknown ?? '', world.wabaIds[1] ?? ''))
    expect(again.errors).toHaveLength(1)
    expect(again.byRoute).toEqual({ 'GET /{waba}': 1 })
  })

  it('is asked for again where an object is of another type than its id was taken for', async () => {
    await using world = await startWorld({ wabas: 1 })
    const ids = [globalId('Solution', luckyShrub), ...world.solutionIds.map((id) => globalId('Solution', id))]
    const query = `{ nodes(ids: ${JSON.stringify(ids)}) { ... on Solution { name status } } }`
    const { data, errors } = await world.run(query)
    const [first, ...others] = (data as { nodes: ({ status: string } | null)[] }).nodes
    expect(errors).toBeUndefined()
    expect(first).toBeNull()
    expect(others.every((node) => node?.status === 'ACTIVE')).toBe(true)
    expect(nodesOf((await world.run(list('status'))).data)[0]).toEqual({ status: 'ACTIVE' })
  })
})

describe('a field of an account that Graph refuses', () => {
  it.each([
    ['purchase_order_number', 'purchaseOrderNumber', 'name timezoneId purchaseOrderNumber', null],
    ['country', 'country', 'name timezoneId country', 'name timezoneId'],
    ['health_status', 'health', 'name health { canSendMessage }', 'name'],
  ])('%s is null alone, however often it is asked for', async (graphField, field, fields, before) => {
    await using world = await startWorld({ wabas: 1 })
    const queryOf = (selection: string) => `{ clientWaba(id: "${world.wabaIds[0]}") { ${selection} } }`
    if (before !== null) await world.run(queryOf(before))
    await refuse(world.simulator, graphField)
    for (const round of [1, 2, 3, 4]) {
      if (round === 4) await world.simulator.faults()
      const { data, errors } = await world.run(queryOf(fields))
      expect(data).toMatchObject({ clientWaba: { name: expect.any(String) as string, [field]: null } })
      expect(errors).toMatchObject([
        { path: ['clientWaba', field], extensions: { code: 'UPSTREAM_REFUSED' } },
      ])
    }
  })

  it('keeps the remembered part of a number as well, read by its global id', async () => {
    await using world = await startWorld({ wabas: 1 })
    const listed = await world.run(
      `{ clientWaba(id: "${world.wabaIds[0]}") { phoneNumbers(first: 1) { edges { node { id } } } } }`,
    )
    const [, id] = /"node":\{"id":"([^"]+)"/.exec(JSON.stringify(listed.data)) ?? []
    await refuse(world.simulator, 'quality_rating')
    for (const _round of [1, 2, 3, 4]) {
      const { data, errors } = await world.run(
        `{ node(id: "${id}") { ... on PhoneNumber { displayPhoneNumber qualityRating } } }`,
      )
      expect(data).toMatchObject({ node: { displayPhoneNumber: expect.any(String) as string } })
      expect(errors).toMatchObject([{ path: ['node', 'qualityRating'] }])
    }
  })

  it('is an error where it is the one that accounts are told by, and another object is still none', async () => {
    await using world = await startWorld({ wabas: 1 })
    await refuse(world.simulator, 'message_template_namespace')
    const queryOf = (id = '') => `{ clientWaba(id: "${id}") { name currency } }`
    const { data, errors } = await world.run(queryOf(world.wabaIds[0]))
    expect(data).toEqual({ clientWaba: null })
    expect(errors).toMatchObject([{ path: ['clientWaba'], extensions: { code: 'UPSTREAM_REFUSED' } }])
    const other = await world.run(queryOf(luckyShrub))
    expect([other.data, other.errors]).toEqual([{ clientWaba: null }, undefined])
  })
})

describe('one unreadable account among 100', () => {
  it.each([
    ['that Graph refuses', { code: 10, status: 403 }, 'NOT_PERMITTED', 1],
    ['that is broken', { code: 2 }, 'UPSTREAM_UNAVAILABLE', 5],
    ['whose answer is none', { status: 200, body: [] }, 'UPSTREAM_UNAVAILABLE', 5],
    ['that answers for another', { status: 200, body: { id: '1' } }, 'UPSTREAM_UNAVAILABLE', 1],
  ])('%s is one null with one error', async (_name, fault, code, more) => {
    await using world = await startWorld()
    const [bad = ''] = world.wabaIds.slice(40)
    await world.simulator.faults({ kind: 'error', path: `^/${bad}$`, ...fault })
    const ids = world.wabaIds.map((id) => globalId('ClientWaba', id))
    const { data, errors, total, byRoute } = await world.run(
      `{ nodes(ids: ${JSON.stringify(ids)}) { ... on ClientWaba { name } } }`,
    )
    const nodes = (data as { nodes: unknown[] }).nodes
    expect(nodes.filter((node) => node === null)).toHaveLength(1)
    expect(nodes[40]).toBeNull()
    expect(errors).toMatchObject([{ path: ['nodes', 40], extensions: { code } }])
    expect(errors).toHaveLength(1)
    expect(byRoute['batch GET /{waba}']).toBe(100)
    // Two batches; the other app is asked for the one that failed, and both three times where that may help.
    expect(total).toBeLessThanOrEqual(2 + more)
  })

  it('that Graph does not finish is asked again, and there', async () => {
    await using world = await startWorld()
    const [slow = ''] = world.wabaIds.slice(40)
    await world.simulator.faults({ path: `^/${slow}$`, kind: 'nullItem', times: 1 })
    const ids = world.wabaIds.map((id) => globalId('ClientWaba', id))
    const { data, errors, total } = await world.run(
      `{ nodes(ids: ${JSON.stringify(ids)}) { ... on ClientWaba { name } } }`,
    )
    expect(errors).toBeUndefined()
    expect((data as { nodes: unknown[] }).nodes).not.toContain(null)
    expect(total).toBe(3)
  })
})

describe("one customer's dead token among those of 20", () => {
  it('is one null with one error, the others answer with their own, and it is fetched anew', async () => {
    await using world = await startWorld({ wabas: 20 })
    await tellOnboardings(world)
    const [, dead] = world.gateway.simulator.state().accounts
    const query = `{ app(id: "${luckyShrub}") { clientWabas(first: 20) { edges { node {
      ownerBusiness { businessId name } } } } } }`
    expect((await world.run(query)).errors).toBeUndefined()
    await world.forget()
    const fault = { kind: 'error', path: `^/${dead?.ownerBusinessId}$`, code: 190, status: 401 }
    await world.simulator.faults({ ...fault, times: 1 })
    const { data, errors } = await world.run(query)
    expect(JSON.stringify(data).match(/"name":"/g)).toHaveLength(19)
    expect(errors).toMatchObject([{ extensions: { code: 'TOKEN_INVALID' } }])
    await world.forget()
    const again = await world.run(query)
    expect(again.errors).toBeUndefined()
    expect(again.byRoute).toMatchObject({ 'GET /{solution}/access_token': 1 })
  })
})

describe('one throttled account among 50', () => {
  it('is one null with one error that says how long, the others answer, and it is left alone', async () => {
    await using world = await startWorld({ wabas: 50 })
    const [bad = ''] = world.wabaIds.slice(40)
    await world.simulator.faults({ path: `^/${bad}$`, kind: 'throttle', minutes: 5 })
    const ids = world.wabaIds.map((id) => globalId('ClientWaba', id))
    const query = `{ nodes(ids: ${JSON.stringify(ids)}) { ... on ClientWaba { name } } }`
    const { data, errors, total } = await world.run(query)
    const nodes = (data as { nodes: unknown[] }).nodes
    expect(nodes.filter((node) => node === null)).toHaveLength(1)
    const limited = { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) as number }
    expect(errors).toMatchObject([{ path: ['nodes', 40], extensions: limited }])
    // One batch, and the other app is asked for the one.
    expect(total).toBeLessThanOrEqual(2)
    const again = await world.run(query)
    expect(again.data).toEqual(data)
    expect(again.errors).toMatchObject([{ path: ['nodes', 40], extensions: limited }])
    expect(again.total).toBe(0)
  })
})

describe('an account whose numbers may not be seen', () => {
  it('is one null with one error, though Graph fails the list of all as a whole', async () => {
    await using world = await startWorld({ wabas: 20 })
    const [, , bad = ''] = world.wabaIds
    const forbidden = { kind: 'error', code: 200, status: 403 }
    await world.simulator.faults(
      { ...forbidden, path: 'client_whatsapp_business_accounts', times: 1 },
      { ...forbidden, path: `${bad}/phone_numbers` },
    )
    const { data, errors, total } =
      await world.run(`{ app(id: "${luckyShrub}") { clientWabas(first: 20) { edges { node {
      wabaId phoneNumbers(first: 5) { edges { node { displayPhoneNumber } } } } } } } }`)
    expect(errors).toMatchObject([
      {
        path: ['app', 'clientWabas', 'edges', 2, 'node', 'phoneNumbers'],
        extensions: { code: 'NOT_PERMITTED' },
      },
    ])
    expect(JSON.stringify(data).match(/"phoneNumbers":\{/g)).toHaveLength(19)
    expect(total).toBe(3)
  })
})
