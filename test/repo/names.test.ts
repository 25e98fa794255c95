import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circlesOf, declaredTwice, parseGateway, parseSimulator } from '../support/declarations.ts'
import { root } from '../support/repository.ts'

const files = parseGateway()

describe('the names of the gateway', () => {
  it('mean one thing: no two files export the same one', () => {
    expect([...declaredTwice(files, ({ exported }) => exported)]).toEqual([])
  })
})

describe('imports', () => {
  it('lead from no file back to itself, types included', () => {
    expect(circlesOf(files)).toEqual([])
    expect(circlesOf(parseSimulator())).toEqual([])
  })
})

describe('GLOSSARY.md', () => {
  const rows = [
    ...readFileSync(join(root, 'GLOSSARY.md'), 'utf8').matchAll(
      /^\| ([^|]+) \| [^|]+ \| `([^`]+)`: (.+) \|$/gm,
    ),
  ].map(([, word = '', path = '', names = '']) => ({
    word,
    path,
    names: [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => name),
  }))

  it.each(rows)('says where $word is', ({ path, names }) => {
    const exported = files.find((file) => file.path === path)?.exported ?? []
    expect(names.filter((name) => !exported.includes(name))).toEqual([])
    expect(names).not.toEqual([])
  })

  it('has no word twice, and no row of another form', () => {
    const lines = readFileSync(join(root, 'GLOSSARY.md'), 'utf8').match(/^\| (?!word )[^-].*$/gm) ?? []
    expect(new Set(rows.map(({ word }) => word)).size).toBe(lines.length)
  })
})
