import { describe, expect, it } from 'vitest'

import { codeOf } from '../support/world.ts'
import { type Stage, disputed, reads, stage, writes } from './support/cases.ts'
import { deviations } from './support/deviations.ts'
import { deviationsOf, fieldsOf, routesOfFile } from './support/schemas.ts'

const listed = (route: string): string[] => Object.keys(deviations[route] ?? {}).sort()

describe("the simulator's answers beside Meta's OpenAPI file", () => {
  it.each(Object.entries(writes))('%s differs in what is listed, and in nothing else', async (route, ask) => {
    const { body } = await ask(await stage())
    expect(deviationsOf(route, body)).toEqual(listed(route))
  })

  it.each(Object.entries(reads))(
    '%s differs in what is listed, and in nothing else',
    async (route, where) => {
      const game = await stage()
      const [path, token] = await where(game)
      const plain = await game.ask('GET', path, token)
      const [taken, refused] = await sorted(game, path, token, fieldsOf(route))
      const full = await game.ask('GET', withFields(path, taken), token)
      expect([plain.status, full.status]).toEqual([200, 200])
      const differing = [
        ...deviationsOf(route, plain.body).map((text) => `by default ${text}`),
        ...deviationsOf(route, full.body),
        ...refused.map((field) => `refuses ${field}`),
      ]
      expect(differing.sort()).toEqual(listed(route))
    },
  )

  it.each(Object.entries(disputed))('%s is as in the guide', async (route, ask) => {
    const { body } = await ask(await stage())
    expect(deviationsOf(route, body)).toEqual(listed(route))
  })

  it.each(Object.entries(disputed))('%s is as in the file when the seed says so', async (route, ask) => {
    const { body } = await ask(await stage('reference'))
    expect(deviationsOf(route, body)).toEqual([])
  })

  it('are looked at on every route that both have', () => {
    expect(Object.keys({ ...reads, ...writes, ...disputed }).sort()).toEqual([...routesOfFile].sort())
    expect(routesOfFile).toEqual(expect.arrayContaining(Object.keys(deviations)))
  })
})

const withFields = (path: string, fields: readonly string[]): string =>
  `${path}${path.includes('?') ? '&' : '?'}fields=${fields.join()}`

/** The fields that the simulator takes, and those that it refuses as Graph refuses what it does not know. */
async function sorted(
  game: Stage,
  path: string,
  token: string,
  fields: readonly string[],
): Promise<[taken: string[], refused: string[]]> {
  const codes = new Map<string, number | undefined>()
  for (const field of fields) {
    codes.set(field, codeOf(await game.ask('GET', withFields(path, [field]), token)))
  }
  return [
    fields.filter((field) => codes.get(field) === undefined),
    fields.filter((field) => codes.get(field) !== undefined),
  ]
}
