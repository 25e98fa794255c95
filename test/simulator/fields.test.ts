import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { type Field, parseFields } from '../../src/simulator/fields/parse.ts'
import { printFields } from '../../src/simulator/fields/print.ts'
import { codeOf, createSolution, lucky, play, social } from './support/world.ts'

const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/)
const argument = fc.oneof(
  fc.nat().map(String),
  fc.stringMatching(/^[A-Za-z0-9_=-]{1,20}$/),
  fc.array(fc.string()).map((list) => JSON.stringify(list)),
)
const tree: fc.Arbitrary<{ list: Field[] }> = fc
  .letrec<{ list: Field[]; field: Field }>((tie) => ({
    list: fc.array(tie('field'), { minLength: 1, maxLength: 4, depthIdentifier: 'fields' }),
    field: fc
      .record({
        name,
        modifiers: fc.array(fc.record({ name, argument }), { maxLength: 2 }),
        fields: fc.option(tie('list'), { nil: undefined, depthIdentifier: 'fields', maxDepth: 4 }),
      })
      .map(({ fields, ...field }) => (fields === undefined ? field : { ...field, fields })),
  }))
  .list.map((list) => ({ list }))

function outcomeOf(text: string): string {
  try {
    parseFields(text)
    return 'read'
  } catch (error) {
    return String(error).replace('Error: ', '')
  }
}

describe('the fields grammar', () => {
  it('reads nested fields with modifiers', () => {
    expect(parseFields('id, edge.limit(5).after(C=){x,y{z}}')).toEqual([
      { name: 'id', modifiers: [] },
      {
        name: 'edge',
        modifiers: [
          { name: 'limit', argument: '5' },
          { name: 'after', argument: 'C=' },
        ],
        fields: [
          { name: 'x', modifiers: [] },
          { name: 'y', modifiers: [], fields: [{ name: 'z', modifiers: [] }] },
        ],
      },
    ])
  })

  it('keeps JSON arguments whole, brackets and quotes included', () => {
    const filter = '[{"field":"a)(\\"","operator":"ALL"}]'
    expect(parseFields(`edge.filtering(${filter})`)[0]?.modifiers).toEqual([
      { name: 'filtering', argument: filter },
    ])
  })

  it('reads back what it prints, for any tree', () => {
    fc.assert(fc.property(tree, ({ list }) => void expect(parseFields(printFields(list))).toEqual(list)))
  })

  it('never fails in another way than by refusing, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab.,(){}"\\ 1') }), (text) => {
        expect(outcomeOf(text)).toMatch(/^(read|Syntax error)/)
      }),
    )
  })

  it.each([
    '',
    'a,',
    'a{',
    'a{}',
    'a}',
    'a.limit',
    'a.limit(1',
    'a b',
    '{a}',
    'a..b(1)',
    '1a',
    'a{'.repeat(5000),
  ])('refuses %j', (text) => {
    expect(() => parseFields(text)).toThrow(/Syntax error/)
  })
})

describe('choosing fields', () => {
  it('refuses the whole call for one field that the node lacks, at any depth', async () => {
    const game = await play()
    const id = await createSolution(game)
    const get = (fields: string) => game.ask('GET', `/${id}?fields=${fields}`, game.system(lucky))
    for (const [fields, type, field] of [
      ['name,nonsense', 'WhatsAppBusinessSolution', 'nonsense'],
      ['name,partners{partner_app{oops}}', 'Application', 'oops'],
      ['constructor', 'WhatsAppBusinessSolution', 'constructor'],
    ]) {
      const reply = await get(String(fields))
      expect([reply.status, codeOf(reply)]).toEqual([400, 100])
      expect(reply.body.error?.message).toBe(
        `(#100) Tried accessing nonexisting field (${field}) on node type (${type})`,
      )
    }
  })

  it('answers just the fields asked for, and the id', async () => {
    const game = await play()
    const id = await createSolution(game)
    const fields = 'name,owner_app{name},partners.limit(1){partner_app}'
    const { body } = await game.ask('GET', `/${id}?fields=${fields}`, game.system(lucky))
    expect(body).toMatchObject({
      name: 'Social Overdrive with Lucky Shrub',
      owner_app: { name: 'Social Overdrive', id: social },
      partners: { data: [{ partner_app: { name: 'Lucky Shrub', id: lucky }, id: expect.any(String) }] },
      id,
    })
    expect(Object.keys(body)).toEqual(['name', 'owner_app', 'partners', 'id'])
  })

  it('narrows plain objects, and refuses subfields of plain values', async () => {
    const game = await play({ solutions: 1, wabas: 1 })
    const [waba] = game.sim.state().accounts
    const token = game.businessToken(lucky, String(waba?.ownerBusinessId))
    const get = (fields: string) => game.ask('GET', `/${waba?.id}?fields=${fields}`, token)
    expect((await get('owner_business_info{name}')).body.owner_business_info).toEqual({ name: 'Wind & Wool' })
    expect(codeOf(await get('name{first}'))).toBe(100)
    expect(codeOf(await get('name.limit(1)'))).toBe(100)
    expect(codeOf(await get('solutions.colour(red)'))).toBe(100)
  })

  it('takes the parameters of an edge as modifiers', async () => {
    const game = await play({ solutions: 3 })
    const get = (role: string) =>
      game.ask('GET', `/${social}?fields=whatsapp_business_solutions.role(${role}){id}`, game.system(social))
    expect((await get('OWNER')).body.whatsapp_business_solutions).toMatchObject({ data: [{}, {}, {}] })
    expect((await get('PARTNER')).body.whatsapp_business_solutions).toEqual({ data: [] })
  })

  it('asks for less when nested edges would multiply without end', async () => {
    const game = await play({ solutions: 100 })
    const edge = 'whatsapp_business_solutions.limit(100)'
    const fields = `${edge}{owner_app{${edge}{owner_app{${edge}{id}}}}}`
    const reply = await game.ask('GET', `/${social}?fields=${fields}`, game.system(social))
    expect([reply.status, codeOf(reply)]).toEqual([500, 1])
  })
})
