import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChild, type Child } from '../support/child.ts'
import { graphql } from '../support/graphql.ts'
import { root } from '../support/repository.ts'

interface Edit {
  readonly file: string
  /** The lines behind which the new ones go: they stand in the file once. */
  readonly behind: string
  readonly added: string
}

/** The edits that CONTRIBUTING.md names, from its own text. */
function editsIn(text: string): readonly Edit[] {
  return [...text.matchAll(/^```diff\n(.*)\n([^]*?)^```$/gm)].map(([, file = '', diff = '']) => {
    const lines = diff.trimEnd().split('\n')
    const marked = (mark: string) =>
      lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(1))
    return { file, behind: marked(' ').join('\n'), added: marked('+').join('\n') }
  })
}

function apply(folder: string, { file, behind, added }: Edit): void {
  const path = join(folder, file)
  const [before = '', after, ...more] = readFileSync(path, 'utf8').split(`${behind}\n`)
  expect([file, after !== undefined && more.length === 0]).toEqual([file, true])
  writeFileSync(path, `${before}${behind}\n${added}\n${after}`)
}

describe('the recipe for a field that Graph has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mps-recipe-'))
  let child: Child
  let url: string

  beforeAll(async () => {
    for (const name of ['src', 'schema', 'package.json'])
      cpSync(join(root, name), join(folder, name), { recursive: true })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    const edits = editsIn(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8'))
    expect(edits.map(({ file }) => file.split('/')[1])).toEqual(['graph', 'solutions', 'simulator'])
    for (const edit of edits) apply(folder, edit)
    child = startChild({ PORT: '0', SIMULATOR_PORT: '0' }, join(folder, 'src/main.ts'))
    url = (await child.says(/(http:\/\/\S+)\/graphql/))[1] ?? ''
  })
  afterAll(async () => {
    child.process.kill()
    await child.ended
    rmSync(folder, { recursive: true, force: true })
  })

  const created = '2026-11-01T10:00:00.000Z'
  const create = `mutation ($input: CreateSolutionInput!) { createSolution(input: $input) {
    ... on CreateSolutionPayload { solution { solutionId createdAt } }
  } }`

  it('is enough: the field is read alone, in a list, and after a write', async () => {
    const input = {
      appId: '21202248997039',
      name: 'Kites',
      partnerAppId: '637576208107267',
      messaging: 'OWNER',
    }
    const { data } = await graphql(url, create, { input })
    const { createSolution } = data as {
      createSolution: { solution: { solutionId: string; createdAt: string } }
    }
    const { solution } = createSolution
    expect(solution.createdAt).toBe(created)
    const ofApp = { solutions: { edges: [{ node: { createdAt: created } }] } }
    const query = `query ($id: ID!) { solution(id: $id) { createdAt }
      apps { solutions { edges { node { createdAt } } } } }`
    expect(await graphql(url, query, { id: solution.solutionId })).toMatchObject({
      data: {
        solution: { createdAt: created },
        apps: [ofApp, ofApp],
      },
    })
  })
})
