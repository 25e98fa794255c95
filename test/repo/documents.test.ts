import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { schema } from '../../src/api/schema.ts'
import { repositoryFiles, root } from '../support/repository.ts'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const documents = repositoryFiles().filter((file) => file.endsWith('.md'))
const texts = repositoryFiles().filter(
  (file) => /\.(ts|md|json|graphql|yml)$|^\.ci\/run$/.test(file) && file !== 'package-lock.json',
)

describe('the documents', () => {
  it.each(documents)('%s names only files that exist', (file) => {
    const paths = [...read(file).matchAll(/`((?:src|test|schema|bench|\.ci)\/[\w./-]+)`/g)].map(
      (match) => match[1] as string,
    )
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it.each(documents)('%s names only files of src that exist, also where it leaves out `src/`', (file) => {
    const parts = readdirSync(join(root, 'src')).join('|')
    const named = [...read(file).matchAll(new RegExp(`\`((?:${parts})/[\\w./-]+)\``, 'g'))].map(
      ([, path]) => path as string,
    )
    expect(
      named.filter((path) => !existsSync(join(root, 'src', path)) && !existsSync(join(root, path))),
    ).toEqual([])
  })

  it.each(documents)('%s names only scripts that package.json has', (file) => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read(file).matchAll(/npm run ([a-z:-]+)/g)].map((match) => match[1] as string)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })

  it('show only operations that the schema admits', () => {
    const blocks = [...read('README.md').matchAll(/```graphql\n(.*?)```/gs)].map(
      (match) => match[1] as string,
    )
    const inCurl = [...read('README.md').matchAll(/-d '(\{"query".*?\})'/g)].map(
      (match) => (JSON.parse(match[1] as string) as { query: string }).query,
    )
    const operations = [...blocks, ...inCurl]
    expect(operations.length).toBeGreaterThanOrEqual(3)
    expect(operations.flatMap((operation) => validate(schema, parse(operation)))).toEqual([])
  })

  it('hold no path of a machine and no unfinished marks', () => {
    const marks = /\/(?:home|root|work|tmp)\/[a-z]|(?:\/\/|\*|#|<!--) ?TODO\b|\bFIXME\b|\bXXX\b/
    const found = texts
      .filter((file) => file !== 'test/repo/documents.test.ts')
      .filter((file) => marks.test(read(file)))
    expect(found).toEqual([])
  })

  it('keep package-lock.json free of download addresses', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"')
  })
})
