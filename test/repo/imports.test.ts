import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, sourceFiles } from '../support/repository.ts'

const source = join(root, 'src')

/** The table of ARCHITECTURE.md: part → parts it may import. */
function readTable(): Map<string, Set<string>> {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `([\w-]+)` \|([^|]*)\|$/gm)]
  return new Map(
    rows.map(([, part, list]) => [
      part as string,
      new Set([...(list as string).matchAll(/`([\w-]+)`/g)].map((match) => match[1] as string)),
    ]),
  )
}

const partOf = (file: string): string => relative(source, file).split('/')[0]?.replace('.ts', '') as string

function importsOf(file: string): { specifier: string; part: string | null }[] {
  const specifiers = [...readFileSync(file, 'utf8').matchAll(/(?:from|import) '([^']+)'/g)].map(
    (match) => match[1] as string,
  )
  return specifiers.map((specifier) => ({
    specifier,
    part: specifier.startsWith('.') ? partOf(join(dirname(file), specifier)) : null,
  }))
}

const table = readTable()
const files = sourceFiles('src')

describe('the import table of ARCHITECTURE.md', () => {
  it('names every part of src and no other', () => {
    expect([...new Set(files.map(partOf))].sort()).toEqual([...table.keys()].sort())
  })

  it('allows every import that there is', () => {
    const forbidden = files.flatMap((file) =>
      importsOf(file)
        .filter(({ part }) => part !== null && part !== partOf(file) && !table.get(partOf(file))?.has(part))
        .map(({ specifier }) => `${relative(root, file)} imports ${specifier}`),
    )
    expect(forbidden).toEqual([])
  })

  it('runs in one direction: no part can reach itself', () => {
    const reaches = (from: string, wanted: string, seen = new Set<string>()): boolean =>
      [...(table.get(from) ?? [])].some((part) => {
        if (part === wanted) return true
        if (seen.has(part)) return false
        seen.add(part)
        return reaches(part, wanted, seen)
      })
    expect([...table.keys()].filter((part) => reaches(part, part))).toEqual([])
  })

  it('leaves @pothos to graphql', () => {
    const others = files.filter(
      (file) =>
        partOf(file) !== 'graphql' &&
        importsOf(file).some(({ specifier }) => specifier.startsWith('@pothos')),
    )
    expect(others).toEqual([])
  })
})
